import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import {
  CountersignError,
  type DecisionRefusal,
  Digest,
  type PersonId,
  type WithdrawalRefusal,
} from '../domain/index.ts';
import { later, SECOND } from '../lib/index.ts';
import type { InboxRow } from '../storage/index.ts';
import { approvalStatus } from './approval-status.ts';
import { isBarred } from './confirm-roles.ts';
import type { ApprovalContext, BaseContext } from './context.ts';
import { decideApproval } from './decide-approval.ts';
import { deciderOf } from './personal-tokens.ts';
import { finishAction, outcomeOf, receiveByApi } from './receive-action.ts';
import { withdrawDecision } from './withdraw-decision.ts';

const About = { requestId: z.string(), tokenId: z.string(), until: z.string() };

/** An answer by API as the inbox keeps it until whoever holds the key of the approvals takes it. */
const ApiAnswer = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('api_decide'),
    ...About,
    decision: z.enum(['approved', 'rejected']),
    view: Digest,
    /** Gone once the answer was taken: the words are kept with the decision alone. */
    reason: z.string().nullable().default(null),
  }),
  z.object({ type: z.literal('api_withdraw'), ...About }),
]);
type ApiAnswer = z.infer<typeof ApiAnswer>;
type Decide = Extract<ApiAnswer, { type: 'api_decide' }>;

/** What an answer by API says, and with which token. */
export type ApiWish = Omit<Decide, 'until'> | Omit<Extract<ApiAnswer, { type: 'api_withdraw' }>, 'until'>;

/** What became of an answer by API. `repeated`: the same was on record before, by the API too. */
export type ApiOutcome =
  | { readonly word: 'recorded' | 'repeated' | 'withdrawn' }
  | { readonly word: 'refused'; readonly refusal: DecisionRefusal | WithdrawalRefusal }
  | { readonly word: 'unusable' };

/** For how long the caller waits, and for how long an answer that was not taken yet may still be. */
const PATIENCE = 10 * SECOND;
const GOOD_FOR = 30 * SECOND;

/**
 * Hands an answer to the process that holds the key of the approvals and asks Slack who holds which role, and waits for
 * what becomes of it. This process can sign nothing.
 * @throws CountersignError `unavailable` when nobody takes it in time; `not_found`
 */
export async function answerByApi(
  ctx: BaseContext,
  wish: ApiWish,
  patience: number = PATIENCE,
): Promise<ApiOutcome> {
  const until = later(ctx.clock.now(), GOOD_FOR);
  const id = await receiveByApi(ctx, { ...wish, until });
  const word = await waitFor(() => outcomeOf(ctx, id), patience);
  return readOutcome(word, until);
}

/** Asks again and again, a little later each time; null when the time is over. */
async function waitFor(ask: () => Promise<string | null>, patience: number): Promise<string | null> {
  for (let [waited, step] = [0, 20]; waited < patience; waited += step, step = Math.min(250, step * 1.5)) {
    const word = await ask();
    if (word !== null) return word;
    await pause(step);
  }
  return ask();
}

function readOutcome(word: string | null, until: string): ApiOutcome {
  const [outcome, detail = ''] = (word ?? '').split(':');
  switch (outcome) {
    case 'recorded':
    case 'repeated':
    case 'withdrawn':
    case 'unusable':
      return { word: outcome };
    case 'refused':
      return { word: outcome, refusal: detail as DecisionRefusal };
    case '':
      throw new CountersignError(
        'unavailable',
        `nobody has taken the answer yet: is the surface bot running? It may still be taken until ${until}; look at the request, or send the same again, which counts once`,
      );
    default:
      throw new CountersignError('unavailable', 'nothing was recorded; try again in a moment');
  }
}

/** Who an answer by API is from, as things stand; null when its token is of no use, or it is none. */
export async function apiDecider(ctx: ApprovalContext, { payload }: InboxRow): Promise<PersonId | null> {
  const answer = ApiAnswer.safeParse(payload);
  return answer.success ? deciderOf(ctx, answer.data.tokenId) : null;
}

/**
 * Takes an answer that came by API; whoever waits for it is told by the outcome. The person is whose token it is, never
 * whom the answer names. Safe to do again.
 */
export async function takeApiAnswer(ctx: ApprovalContext, row: InboxRow): Promise<void> {
  await finishAction(ctx, row.id, await outcomeFor(ctx, row));
}

async function outcomeFor(ctx: ApprovalContext, row: InboxRow): Promise<string> {
  const answer = ApiAnswer.safeParse(row.payload);
  if (!answer.success) return 'not_understood';
  const person = await deciderOf(ctx, answer.data.tokenId);
  if (person === null) return 'unusable';
  // An answer that its caller was told to repeat must not turn up an hour later.
  if (ctx.clock.now() >= answer.data.until) return 'late';
  return answer.data.type === 'api_decide'
    ? decideFor(ctx, answer.data, { person, receivedAt: row.receivedAt })
    : withdrawFor(ctx, answer.data.requestId, person);
}

async function decideFor(
  ctx: ApprovalContext,
  { requestId, decision, view, reason }: Decide,
  { person, receivedAt }: { readonly person: PersonId; readonly receivedAt: string },
): Promise<string> {
  const answer = { requestId, person, decision, view, reason, assurance: 'api_token' as const };
  const result = await decideApproval(ctx, answer);
  if (result.ok) return 'recorded';
  if (result.refusal !== 'already_decided') return `refused:${result.refusal}`;
  const { decisions } = await approvalStatus(ctx, requestId);
  const own = decisions.find((given) => given.person === person);
  const isSame = own?.assurance === 'api_token' && own.decision === decision && own.reason === reason;
  if (!isSame) return 'refused:already_decided';
  return own.decidedAt >= receivedAt ? 'recorded' : 'repeated';
}

async function withdrawFor(ctx: ApprovalContext, requestId: string, person: PersonId): Promise<string> {
  const { request } = await approvalStatus(ctx, requestId);
  if (request.view.apiDecisions === false) return 'refused:api_refused';
  if (await isBarred(ctx, person)) return 'refused:account_barred';
  const result = await withdrawDecision(ctx, { requestId, person });
  return result.ok ? 'withdrawn' : `refused:${result.refusal}`;
}
