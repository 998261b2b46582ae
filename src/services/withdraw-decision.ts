import { signStatement } from '../attestation/index.ts';
import {
  type ApprovalState,
  approvalState,
  CountersignError,
  type GivenDecision,
  type Instant,
  type PersonId,
  type StatementId,
  usedUpBy,
  type WithdrawalRefusal,
  withdraw,
} from '../domain/index.ts';
import {
  type ApprovalRequestRow,
  type DecisionRow,
  decisionsOn,
  findApprovalRequest,
  findDecision,
  findRun,
  holdModelVersion,
  holdRoles,
  lockApprovalRequest,
  markRequestDecided,
  markWithdrawn,
  newerRunOf,
  reopenRequest,
  type Tx,
  updateRun,
} from '../storage/index.ts';
import { intact, toApproval } from './approval-status.ts';
import type { ApprovalContext } from './context.ts';
import { once } from './once.ts';
import { peopleNow } from './people-now.ts';
import { queueCardUpdate } from './queue-card.ts';
import { recordAsked } from './record-asked.ts';

/** What became of a withdrawal. */
export type WithdrawalResult =
  | { readonly ok: true; readonly state: ApprovalState; readonly withdrawn: GivenDecision }
  | { readonly ok: false; readonly refusal: WithdrawalRefusal };

/** Whose decision is taken back. */
export interface WithdrawalWish {
  readonly requestId: string;
  readonly person: PersonId;
  /** The statement of the decision that is meant; left out where it is whichever of theirs stands. */
  readonly decision?: string;
  /** Id of the inbox row that brings it: what became of it is found again by that. */
  readonly source?: string;
}

/**
 * Takes a person's answer to a request back, or the one that was given in their place, by a new statement. What had
 * followed from it no longer does: a request that it had decided is open again, unless its time is over, others decide
 * it, or a newer submission took its place meanwhile. The same wish again, by its source, changes nothing, though the
 * person has decided anew since.
 *
 * @throws CountersignError `not_found` when there is no such request; `integrity` as in `decideApproval`
 */
export async function withdrawDecision(
  ctx: ApprovalContext,
  wish: WithdrawalWish,
): Promise<WithdrawalResult> {
  const result = await once(ctx, wish.source, (tx) => takeBack(tx, ctx, wish));
  if (!result.ok) return result;
  return { ok: true, state: result.state, withdrawn: await givenDecision(ctx, result.decision) };
}

type TakenBack =
  | { readonly ok: true; readonly state: ApprovalState; readonly decision: StatementId }
  | { readonly ok: false; readonly refusal: WithdrawalRefusal };

async function takeBack(
  tx: Tx,
  ctx: ApprovalContext,
  { requestId, person, decision, source }: WithdrawalWish,
): Promise<TakenBack> {
  await holdModelVersion(tx, intact(await findApprovalRequest(tx, requestId), requestId).view);
  const request = intact(await lockApprovalRequest(tx, requestId), requestId);
  await holdRoles(tx);
  const now = ctx.clock.now();
  const decisions = await decisionsOn(tx, request.id);
  const result = withdraw(person, toApproval(request, decisions));
  if (!result.ok) return result;
  const given = decisions.find((one) => usedUpBy(one).includes(person));
  // A button on an old receipt means the decision that it was the receipt of.
  if (given === undefined || (decision !== undefined && given.statement !== decision))
    return { ok: false, refusal: 'nothing_to_withdraw' };
  await sayWithdrawn(tx, ctx, request, { statement: given.statement, person, source }, now);
  const people = await peopleNow({ ...ctx, db: tx });
  const state = await resettle(tx, request, approvalState(result.after, people, now), now);
  await queueCardUpdate(tx, request.id, now);
  return { ok: true, state, decision: given.statement };
}

async function sayWithdrawn(
  tx: Tx,
  ctx: ApprovalContext,
  { id, view }: ApprovalRequestRow,
  {
    statement,
    person,
    source,
  }: Pick<DecisionRow, 'statement' | 'person'> & { readonly source: string | undefined },
  now: Instant,
): Promise<void> {
  const body = { artifact: view.artifact, request: id, decision: statement, person, withdrawnAt: now };
  const signed = await signStatement(
    ctx.approvalSigner,
    { kind: 'approval-withdrawal/v1', body },
    view.artifact,
  );
  await recordAsked(tx, signed, now, source);
  await markWithdrawn(tx, signed.statement);
}

/** Brings request and run to what the remaining answers amount to. */
async function resettle(
  tx: Tx,
  { id, runId, lapsedAt }: ApprovalRequestRow,
  state: ApprovalState,
  now: Instant,
): Promise<ApprovalState> {
  // One that has lapsed stays so: it would wait for ever if it were opened again.
  if (lapsedAt !== null) return state;
  if (state === 'approved' || state === 'rejected') {
    await markRequestDecided(tx, id, now);
    const failure = state === 'approved' ? null : 'rejected';
    await updateRun(tx, runId, { state: state === 'approved' ? 'completed' : 'failed', failure });
    return state;
  }
  const run = await findRun(tx, runId);
  const newer = run === null ? null : await newerRunOf(tx, run);
  await reopenRequest(tx, id, newer === null ? null : now);
  // One whose time is over lapses at the monitor's next look, like any other.
  await updateRun(
    tx,
    runId,
    newer === null
      ? { state: 'awaiting_approval', failure: null, finishedAt: null }
      : { state: 'failed', stands: false, failure: `superseded by run ${newer} of the same model version` },
  );
  return newer === null ? state : 'superseded';
}

/** A decision by its statement, be it withdrawn or not. @throws CountersignError `not_found` */
export async function givenDecision({ db }: Pick<ApprovalContext, 'db'>, statement: string) {
  const found = await findDecision(db, statement);
  if (found === null) throw new CountersignError('not_found', `there is no decision ${statement}`);
  return found;
}

/** The request on which a decision was made, be it withdrawn or not; null when there is no such decision. */
export async function requestOf(
  { db }: Pick<ApprovalContext, 'db'>,
  decision: string,
): Promise<string | null> {
  return (await findDecision(db, decision))?.requestId ?? null;
}
