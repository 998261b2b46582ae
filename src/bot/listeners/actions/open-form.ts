import type { ApprovalView, DecisionRefusal } from '../../../domain/index.ts';
import { type Message, type ModalView, troubleNote } from '../../../notify/index.ts';
import { approvalStatus, previewDecision, refreshCards } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { type Clicked, lookUpClick } from '../../decision.ts';
import { explainRefusal, STALE_CARD } from '../../explain.ts';
import type { Click } from '../../payload.ts';
import { confirmSoon } from '../../roles.ts';
import { explainUnknownCard } from '../../unknown-card.ts';
import { showForm } from './show-form.ts';

/** A form in which a decision is made. */
export interface DecisionForm {
  readonly decision: 'approved' | 'rejected';
  readonly modal: (view: ApprovalView) => ModalView;
}

/** Opens a form for who may decide, and tells the others at once why they may not. Decides nothing. */
export async function openForm(ctx: BotContext, click: Click, form: DecisionForm): Promise<void> {
  await showForm(ctx, click, () => tryToOpen(ctx, click, form));
}

/** What to tell instead of opening the form; null when it is open. */
async function tryToOpen(
  ctx: BotContext,
  click: Click,
  { decision, modal }: DecisionForm,
): Promise<Message | null> {
  const { account, triggerId, value: button } = click;
  const clicked = await lookUpClick(ctx, { ...click, button });
  if (clicked === null) return explainUnknownCard(ctx, button);
  const { requestId, view, person } = clicked;
  const refusal =
    person === null ? 'unknown_person' : await preview(ctx, { requestId, person, account, decision, view });
  if (refusal !== null) return refuse(ctx, refusal, clicked, account);
  const { request } = await approvalStatus(ctx.services, requestId);
  const opened = await ctx.slack.openModal(triggerId, modal(request.view));
  return opened === 'opened' ? null : troubleNote('modal_expired');
}

/** Asks Slack about roles first, while there is time: the form must be open within three seconds of the click. */
async function preview(
  ctx: BotContext,
  answer: Parameters<typeof previewDecision>[1],
): Promise<DecisionRefusal | null> {
  await confirmSoon(ctx, answer);
  return previewDecision(ctx.services, answer);
}

async function refuse(
  ctx: BotContext,
  refusal: DecisionRefusal,
  { requestId, person }: Clicked,
  account: Click['account'],
): Promise<Message> {
  if (STALE_CARD.includes(refusal)) await refreshCards(ctx.services, requestId);
  return explainRefusal(ctx, refusal, { requestId, account, person });
}
