import { troubleNote } from '../../../notify/index.ts';
import { receiveAction } from '../../../services/index.ts';
import { clickKey, type DecisionAction } from '../../decision.ts';
import { reasonOf } from '../../failure.ts';
import { readClick } from '../../payload.ts';
import { type Listener, setAside } from '../listener.ts';

/** Approve: kept in the inbox, then acknowledged; the answer follows from there, whatever happens to this process. */
export const onApprove: Listener = async (ctx, arrival) => {
  const { body, acknowledge } = arrival;
  const click = readClick(body);
  if (click === null) return setAside(ctx, arrival, 'approve');
  const { account, channel, message, value: presentationId } = click;
  const payload: DecisionAction = {
    type: 'decide',
    presentationId,
    decision: 'approved',
    reason: null,
    account,
    channel,
    message,
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
};
