import { signStatement } from '../attestation/index.ts';
import {
  type ApprovalState,
  approvalState,
  type GivenDecision,
  type Instant,
  type PersonId,
  usedUpBy,
  type WithdrawalRefusal,
  withdraw,
} from '../domain/index.ts';
import {
  type ApprovalRequestRow,
  appendStatement,
  type DecisionRow,
  decisionsOn,
  findApprovalRequest,
  findRun,
  holdModelVersion,
  holdRoles,
  lockApprovalRequest,
  markRequestDecided,
  markWithdrawn,
  newerRunOf,
  reopenRequest,
  requestOfDecision,
  type Tx,
  updateRun,
} from '../storage/index.ts';
import { intact, toApproval } from './approval-status.ts';
import type { ApprovalContext } from './context.ts';
import { peopleNow } from './people-now.ts';
import { queueCardUpdate } from './queue-card.ts';

/** What became of a withdrawal. */
export type WithdrawalResult =
  | { readonly ok: true; readonly state: ApprovalState; readonly withdrawn: GivenDecision }
  | { readonly ok: false; readonly refusal: WithdrawalRefusal };

/**
 * Takes a person's answer to a request back, or the one that was given in their place, by a new statement. What had followed from it no longer does: a request that
 * it had decided is open again, unless others decide it or a newer submission took its place meanwhile. Repeating it
 * changes nothing.
 *
 * @throws CountersignError `not_found` when there is no such request; `integrity` as in `decideApproval`
 */
export async function withdrawDecision(
  ctx: ApprovalContext,
  { requestId, person }: { readonly requestId: string; readonly person: PersonId },
): Promise<WithdrawalResult> {
  return ctx.db.transaction().execute(async (tx) => {
    await holdModelVersion(tx, intact(await findApprovalRequest(tx, requestId), requestId).view);
    const request = intact(await lockApprovalRequest(tx, requestId), requestId);
    await holdRoles(tx);
    const now = ctx.clock.now();
    const decisions = await decisionsOn(tx, request.id);
    const result = withdraw(person, toApproval(request, decisions));
    const withdrawn = decisions.find((given) => usedUpBy(given).includes(person));
    if (!result.ok) return result;
    if (withdrawn === undefined) return { ok: false, refusal: 'nothing_to_withdraw' };
    await sayWithdrawn(tx, ctx, request, { statement: withdrawn.statement, person }, now);
    const people = await peopleNow({ ...ctx, db: tx });
    const state = await resettle(tx, request, approvalState(result.after, people, now), now);
    await queueCardUpdate(tx, request.id, now);
    return { ok: true, state, withdrawn };
  });
}

async function sayWithdrawn(
  tx: Tx,
  ctx: ApprovalContext,
  { id, view }: ApprovalRequestRow,
  { statement, person }: Pick<DecisionRow, 'statement' | 'person'>,
  now: Instant,
): Promise<void> {
  const body = { artifact: view.artifact, request: id, decision: statement, person, withdrawnAt: now };
  const signed = await signStatement(
    ctx.approvalSigner,
    { kind: 'approval-withdrawal/v1', body },
    view.artifact,
  );
  await appendStatement(tx, signed, now);
  await markWithdrawn(tx, statement, signed.id, now);
}

/** Brings request and run to what the remaining answers amount to. */
async function resettle(
  tx: Tx,
  { id, runId }: ApprovalRequestRow,
  state: ApprovalState,
  now: Instant,
): Promise<ApprovalState> {
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

/** The request on which a decision was made, be it withdrawn or not; null when there is no such decision. */
export function requestOf({ db }: Pick<ApprovalContext, 'db'>, decision: string): Promise<string | null> {
  return requestOfDecision(db, decision);
}
