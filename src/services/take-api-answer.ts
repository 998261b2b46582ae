import type { PersonId } from '../domain/index.ts';
import type { InboxRow } from '../storage/index.ts';
import { ApiAnswer, type ApiAnswerOf } from './api-answer.ts';
import { approvalStatus } from './approval-status.ts';
import type { SealContext } from './arrival-seal.ts';
import { isBarred } from './confirm-roles.ts';
import type { ApprovalContext } from './context.ts';
import { decideApproval } from './decide-approval.ts';
import { documentOverride } from './document-override.ts';
import { giveUp } from './once.ts';
import { deciderOf, isForgedToken } from './personal-tokens.ts';
import { finishAction } from './receive-action.ts';
import { acceptProof, type ProvenContext } from './token-proof.ts';
import { withdrawDecision } from './withdraw-decision.ts';

/** Who an answer by API is from, as things stand; null when its token is of no use, or it is none. */
export async function apiDecider(
  ctx: ApprovalContext & SealContext,
  { payload }: InboxRow,
): Promise<PersonId | null> {
  const answer = ApiAnswer.safeParse(payload);
  return answer.success ? deciderOf(ctx, answer.data.tokenId) : null;
}

/** Outcome of an arrival that somebody put there who is neither the bot nor the holder of the token that it names. */
export const UNPROVEN = 'refused:unproven';

/** Id of the token of an answer by API, where somebody but its person confirmed it in the database; null for good ones. */
export async function forgedTokenOf(
  ctx: ApprovalContext & SealContext,
  { payload }: InboxRow,
): Promise<string | null> {
  const { tokenId } = payload;
  return typeof tokenId === 'string' && (await isForgedToken(ctx, tokenId)) ? tokenId : null;
}

/**
 * Takes an answer that came by API; whoever waits for it is told by the outcome, which is returned too. The person is whose
 * token it is, never whom the answer names, and nothing is done for them unless the token's secret came with it. Safe to do
 * again.
 */
export async function takeApiAnswer(ctx: ApprovalContext & ProvenContext, row: InboxRow): Promise<string> {
  const outcome = await outcomeFor(ctx, row);
  await finishAction(ctx, row.id, outcome);
  return outcome;
}

async function outcomeFor(ctx: ApprovalContext & ProvenContext, row: InboxRow): Promise<string> {
  const answer = ApiAnswer.safeParse(row.payload);
  if (!answer.success) return 'not_understood';
  const person = await deciderOf(ctx, answer.data.tokenId);
  if (person === null) return 'unusable';
  if (!(await acceptProof(ctx, row))) return UNPROVEN;
  // An answer that its caller was told to repeat must not turn up an hour later.
  if (ctx.clock.now() >= answer.data.until && (await giveUp(ctx, row.id))) return 'late';
  const by = { person, source: row.id, receivedAt: row.receivedAt };
  switch (answer.data.type) {
    case 'api_decide':
      return decideFor(ctx, answer.data, by);
    case 'api_withdraw':
      return withdrawFor(ctx, answer.data.requestId, by);
    case 'api_document':
      return documentFor(ctx, answer.data, by);
  }
}

interface By {
  readonly person: PersonId;
  readonly source: string;
  readonly receivedAt: string;
}

async function decideFor(
  ctx: ApprovalContext,
  { requestId, decision, view, reason }: ApiAnswerOf<'api_decide'>,
  { person, source }: By,
): Promise<string> {
  const answer = { requestId, person, decision, view, reason, assurance: 'api_token' as const, source };
  const result = await decideApproval(ctx, answer);
  if (result.ok) return 'recorded';
  if (result.refusal !== 'already_decided') return `refused:${result.refusal}`;
  const { decisions } = await approvalStatus(ctx, requestId);
  const own = decisions.find((given) => given.person === person);
  const isSame = own?.assurance === 'api_token' && own.decision === decision && own.reason === reason;
  return isSame ? 'repeated' : 'refused:already_decided';
}

async function withdrawFor(ctx: ApprovalContext, requestId: string, { person, source }: By): Promise<string> {
  const { request } = await approvalStatus(ctx, requestId);
  if (request.view.apiDecisions === false) return 'refused:api_refused';
  if (await isBarred(ctx, person)) return 'refused:account_barred';
  const result = await withdrawDecision(ctx, { requestId, person, source });
  return result.ok ? 'withdrawn' : `refused:${result.refusal}`;
}

async function documentFor(
  ctx: ApprovalContext,
  { overrideId, documentation }: ApiAnswerOf<'api_document'>,
  { person, source, receivedAt }: By,
): Promise<string> {
  if (await isBarred(ctx, person)) return 'refused:account_barred';
  const result = await documentOverride(ctx, { overrideId, person, documentation, source });
  if (!result.ok) return `refused:${result.refusal}`;
  return (result.override.documentedAt ?? receivedAt) >= receivedAt ? 'recorded' : 'repeated';
}
