import { documentModal, type Message, troubleNote } from '../../../notify/index.ts';
import { overrideStatus } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import {
  explainOverrideRefusal,
  lookUpOverride,
  type OverrideAction,
  refusedOverride,
} from '../../override.ts';
import { type Click, readClick } from '../../payload.ts';
import { explainUnknownCard } from '../../unknown-card.ts';
import { acknowledgeAfter, type Listener, setAside } from '../listener.ts';
import { keepClick } from './keep-click.ts';
import { showForm } from './show-form.ts';

/** Confirm, on an override's card: kept in the inbox, then acknowledged; the answer follows from there. */
export const onConfirmOverride: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'confirm an override');
  const { account, channel, message, value: button } = click;
  const payload: OverrideAction = { type: 'confirm_override', button, account, channel, message };
  await keepClick(ctx, click, payload, arrival.acknowledge);
};

/** Document…, on an override's card: opens the form for everybody whom the people map knows. Records nothing. */
export const onDocumentOverride: Listener = async (ctx, arrival) => {
  const click = readClick(arrival.body);
  if (click === null) return setAside(ctx, arrival, 'document an override');
  const shown = showForm(ctx, click, () => tryToOpen(ctx, click));
  await acknowledgeAfter(shown, arrival.acknowledge);
};

/** What to tell instead of opening the form; null when it is open. */
async function tryToOpen(ctx: BotContext, click: Click): Promise<Message | null> {
  const { account, channel, triggerId, value: button } = click;
  const overrideId = await lookUpOverride(ctx, { ...click, button });
  if (overrideId === null) return explainUnknownCard(ctx, button);
  const status = await overrideStatus(ctx.services, overrideId);
  const refuse = (refusal: 'unknown_person' | 'already_documented' | 'nothing_to_document') =>
    explainOverrideRefusal(refusal, refusedOverride(status), account);
  if (ctx.services.directory.personOfSlack(account) === null) return refuse('unknown_person');
  if (status.documentation === 'documented') return refuse('already_documented');
  if (status.documentation === 'none') return refuse('nothing_to_document');
  const opened = await ctx.slack.openModal(triggerId, documentModal(status.override, { button, channel }));
  return opened === 'opened' ? null : troubleNote('modal_expired');
}
