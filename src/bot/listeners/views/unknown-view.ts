import { troubleNote } from '../../../notify/index.ts';
import { readSubmission } from '../../payload.ts';
import type { Listener } from '../listener.ts';

/** A form that this release does not have: it is closed, and the person is told that nothing came of it. */
export const onUnknownView: Listener = async (ctx, { body, acknowledge }) => {
  await acknowledge({ response_action: 'clear' });
  const submission = readSubmission(body);
  if (submission === null) return;
  ctx.logger.warn('a form of unknown kind was sent', { view: submission.viewId });
  await ctx.slack.tell(submission.account.user, null, troubleNote('unknown_control'));
};
