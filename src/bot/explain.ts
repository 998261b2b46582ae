import type { DecisionRefusal, PersonId, SlackAccount } from '../domain/index.ts';
import { type Message, refusalNote } from '../notify/index.ts';
import { type ApprovalStatus, approvalStatus } from '../services/index.ts';
import type { BotContext } from './context.ts';

/** Whose answer is refused, and to what. */
export interface RefusedAnswer {
  readonly requestId: string;
  readonly account: SlackAccount;
  readonly person: PersonId | null;
}

/** Says why an answer does not count, and what to do, as things stand now. */
export async function explainRefusal(
  ctx: BotContext,
  refusal: DecisionRefusal,
  { requestId, account, person }: RefusedAnswer,
): Promise<Message> {
  const status = await approvalStatus(ctx.services, requestId);
  return refusalNote(refusal, {
    view: status.request.view,
    state: status.state,
    decisions: status.decisions,
    own: ownDecision(status, person),
    ending: status.request.ending,
    account,
    nameOf: ctx.nameOf,
  });
}

/** The card of a request that has ended meanwhile is stale: whoever clicked it shall see that. */
export const STALE_CARD: readonly DecisionRefusal[] = [
  'closed',
  'lapsed',
  'superseded',
  'withdrawn',
  'view_changed',
];

function ownDecision(
  { decisions }: ApprovalStatus,
  person: PersonId | null,
): ApprovalStatus['decisions'][number] | null {
  return decisions.find((decision) => decision.person === person) ?? null;
}
