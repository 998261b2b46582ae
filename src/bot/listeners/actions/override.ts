import { documentModal, type Message, troubleNote } from '../../../notify/index.ts';
import { overrideOfCard, overrideStatus, receiveAction } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { clickKey } from '../../decision.ts';
import { reasonOf } from '../../failure.ts';
import { explainOverrideRefusal, type OverrideAction, refusedOverride } from '../../override.ts';
import { type Click, readClick } from '../../payload.ts';
import { acknowledgeAfter, type Listener, setAside } from '../listener.ts';

/** Confirm, on an override's card: kept in the inbox, then acknowledged; the answer follows from there. */
export const onConfirmOverride: Listener = async (ctx, arrival) => {
  const { body, acknowledge } = arrival;
  const click = readClick(body);
  if (click === null) return setAside(ctx, arrival, 'confirm an override');
  const { account, channel, value: presentationId } = click;
  const payload: OverrideAction = { type: 'confirm_override', presentationId, account, channel };
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

/** Document…, on an override's card: opens the form for everybody whom the people map knows. Records nothing. */
export const onDocumentOverride: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'document an override');
  await acknowledgeAfter(openForm(ctx, click), arrival.acknowledge);
};

async function openForm(ctx: BotContext, click: Click): Promise<void> {
  let answer: Message | null;
  try {
    answer = await tryToOpen(ctx, click);
  } catch (error) {
    ctx.logger.error('a form could not be opened', { reason: reasonOf(error) });
    answer = troubleNote('temporary_failure');
  }
  if (answer !== null) await ctx.slack.tell(click.account.user, click.channel, answer);
}

/** What to tell instead of opening the form; null when it is open. */
async function tryToOpen(
  ctx: BotContext,
  { account, channel, triggerId, value: presentationId }: Click,
): Promise<Message | null> {
  const overrideId = await overrideOfCard(ctx.services, presentationId);
  if (overrideId === null) return troubleNote('unknown_card');
  const status = await overrideStatus(ctx.services, overrideId);
  const refuse = (refusal: 'unknown_person' | 'already_documented' | 'nothing_to_document') =>
    explainOverrideRefusal(refusal, refusedOverride(status), account);
  if (ctx.services.directory.personOfSlack(account) === null) return refuse('unknown_person');
  if (status.documentation === 'documented') return refuse('already_documented');
  if (status.documentation === 'none') return refuse('nothing_to_document');
  const opened = await ctx.slack.openModal(
    triggerId,
    documentModal(status.override, { presentationId, channel }),
  );
  return opened === 'opened' ? null : troubleNote('modal_expired');
}
