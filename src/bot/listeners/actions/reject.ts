import { type Message, type RejectContext, rejectModal, troubleNote } from '../../../notify/index.ts';
import { approvalStatus, previewDecision } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { lookUpClick } from '../../decision.ts';
import { explainRefusal } from '../../explain.ts';
import { reasonOf } from '../../failure.ts';
import { type Click, readClick } from '../../payload.ts';
import { explainUnknownCard } from '../../unknown-card.ts';
import { acknowledgeAfter, type Listener, setAside } from '../listener.ts';

/** Reject: asks those who may for a reason, and tells the others at once why they may not. Decides nothing. */
export const onReject: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'reject');
  await acknowledgeAfter(askForReason(ctx, click), arrival.acknowledge);
};

async function askForReason(ctx: BotContext, click: Click): Promise<void> {
  let answer: Message | null;
  try {
    answer = await openForm(ctx, click);
  } catch (error) {
    ctx.logger.error('a form could not be opened', { reason: reasonOf(error) });
    answer = troubleNote('temporary_failure');
  }
  if (answer !== null) await ctx.slack.tell(click.account.user, click.channel, answer);
}

/** What to tell instead of opening the form; null when it is open. */
async function openForm(ctx: BotContext, click: Click): Promise<Message | null> {
  const { account, channel, triggerId, value: presentationId } = click;
  const clicked = await lookUpClick(ctx, { ...click, presentationId });
  if (clicked === null) return explainUnknownCard(ctx, presentationId);
  const { requestId, view, person } = clicked;
  const refusal =
    person === null
      ? 'unknown_person'
      : await previewDecision(ctx.services, { requestId, person, decision: 'rejected', view });
  if (refusal !== null) return explainRefusal(ctx, refusal, { requestId, account, person });
  const { request } = await approvalStatus(ctx.services, requestId);
  const context: RejectContext = { presentationId, channel };
  const opened = await ctx.slack.openModal(triggerId, rejectModal(request.view, context));
  return opened === 'opened' ? null : troubleNote('modal_expired');
}
