import { approveModal, troubleNote } from '../../../notify/index.ts';
import { receiveAction } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { clickKey, confirmationOf, type DecisionAction } from '../../decision.ts';
import { reasonOf } from '../../failure.ts';
import { type Click, readClick } from '../../payload.ts';
import { type Acknowledge, acknowledgeAfter, type Listener, setAside } from '../listener.ts';
import { openForm } from './open-form.ts';

/** Approve: asks for confirmation, and tells who may not decide why; where the pipeline is content with a click, takes it. */
export const onApprove: Listener = async (ctx, arrival) => {
  const { body, acknowledge } = arrival;
  const click = readClick(body);
  if (click === null) return setAside(ctx, arrival, 'approve');
  if ((await demanded(ctx, click)) === 'click') return keep(ctx, click, acknowledge);
  await acknowledgeAfter(confirm(ctx, click), acknowledge);
};

/** Where that cannot be read the form is tried, which then says that it failed. */
async function demanded(ctx: BotContext, { value }: Click) {
  try {
    return await confirmationOf(ctx, value);
  } catch {
    return null;
  }
}

function confirm(ctx: BotContext, click: Click): Promise<void> {
  const { value: presentationId, channel } = click;
  const { environment } = ctx.settings;
  return openForm(ctx, click, {
    decision: 'approved',
    modal: (view) => approveModal({ view, environment, presentationId, channel }),
  });
}

/** Kept in the inbox, then acknowledged; the answer follows from there, whatever happens to this process. */
async function keep(ctx: BotContext, click: Click, acknowledge: Acknowledge): Promise<void> {
  const { account, channel, message, value: presentationId } = click;
  const about = { presentationId, account, channel, message };
  const payload: DecisionAction = {
    type: 'decide',
    decision: 'approved',
    reason: null,
    retyped: null,
    ...about,
  };
  try {
    await receiveAction(ctx.services, { dedupeKey: clickKey(click), payload });
  } catch (error) {
    ctx.logger.error('a click could not be kept', { reason: reasonOf(error) });
    await acknowledge();
    await ctx.slack.tell(account.user, channel, troubleNote('temporary_failure'));
    return;
  }
  await acknowledge();
}
