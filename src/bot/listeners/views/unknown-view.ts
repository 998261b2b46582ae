import { troubleNote } from '../../../notify/index.ts';
import { readSubmission } from '../../payload.ts';
import type { Listener } from '../listener.ts';

/** A form of another release, or that carries what none of ours does: it is closed, and the person is told that nothing came of it. */
export const onUnknownView: Listener = async (ctx, { body, acknowledge }) => {
  await acknowledge({ response_action: 'clear' });
  const submission = readSubmission(body);
  ctx.logger.warn('a form is not understood', { view: submission?.viewId ?? null });
  if (submission === null) return;
  await ctx.slack.tell(submission.account.user, null, troubleNote('unknown_control'));
};
