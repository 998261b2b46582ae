import {
  ApprovalView,
  approvalState,
  type Ending,
  type Instant,
  isTrustedPipeline,
  type ModelName,
  type PersonId,
  type Trust,
} from '../domain/index.ts';
import {
  type ApprovalRequestRow,
  decisionsOn,
  findApprovalRequest,
  holdRoles,
  latestApprovalRequest,
  lockApprovalRequest,
  markRequestEnded,
  openApprovalRequests,
  type Tx,
  updateRun,
} from '../storage/index.ts';
import { intact, toApproval } from './approval-status.ts';
import type { ApprovalContext, BaseContext, TrustContext } from './context.ts';
import { withEach } from './duties.ts';
import { once } from './once.ts';
import { peopleNow } from './people-now.ts';
import { queueCardUpdate } from './queue-card.ts';

/** Why what a request asks cannot be had any more, whoever answers; null while it can. */
function outdatedBy({ policy }: Trust, { artifact, modelId, pipeline }: ApprovalView): Ending | null {
  if (policy.revoked.artifacts.includes(artifact.digest)) return 'artifact_revoked';
  return isTrustedPipeline(policy, pipeline, modelId, null) ? null : 'pipeline_changed';
}

/**
 * Ends open requests on artifacts that were revoked, and those under pipelines that count no more for their model, as
 * when a new pipeline file demands more people: approved, they would be governed by nothing. Returns how many they were.
 */
export async function endOutdatedRequests(ctx: EndingContext): Promise<number> {
  let ended = 0;
  await withEach(await openApprovalRequests(ctx.db, ctx.clock.now()), nameOf, async ({ id }) => {
    if (await endOutdatedRequest(ctx, id)) ended += 1;
  });
  return ended;
}

function nameOf({ id }: ApprovalRequestRow): string {
  return `approval request ${id}`;
}

type EndingContext = BaseContext & Pick<TrustContext, 'trust'>;

/** Ends one request if it is open and outdated, and says whether it was; most are not, and no lock is taken for them. */
export async function endOutdatedRequest(ctx: EndingContext, id: string): Promise<boolean> {
  const known = await findApprovalRequest(ctx.db, id);
  if (known === null || outdatedBy(ctx.trust, ApprovalView.parse(known.view)) === null) return false;
  return ctx.db.transaction().execute(async (tx) => {
    const request = await lockApprovalRequest(tx, id);
    return request !== null && endIfOutdated(tx, ctx, request);
  });
}

/** The same for a request whose lock is held: whoever answers it before the monitor looks is refused by this. */
export async function endIfOutdated(
  tx: Tx,
  { trust, clock }: Pick<EndingContext, 'trust' | 'clock'>,
  request: ApprovalRequestRow,
): Promise<boolean> {
  const ending = outdatedBy(trust, request.view);
  const now = clock.now();
  const isOpen = request.decidedAt === null && request.supersededAt === null && now < request.view.expiresAt;
  if (ending === null || !isOpen) return false;
  await endRequest(tx, request, ending, null, now);
  return true;
}

const FAILURES: Readonly<Record<Ending, string>> = {
  newer_submission: 'superseded by a newer submission of the same model version',
  withdrawn: 'the request for approval was withdrawn',
  pipeline_changed: 'its pipeline counts no more for the model: submit it again under the one that does',
  artifact_revoked: 'the artifact was revoked',
};

/** Ends a request that nobody has decided; its run has failed, and stands no more, so that the same submission starts another. */
async function endRequest(
  tx: Tx,
  { id, runId }: Pick<ApprovalRequestRow, 'id' | 'runId'>,
  ending: Ending,
  failure: string | null,
  now: Instant,
): Promise<void> {
  await markRequestEnded(tx, id, ending, now);
  const why = failure ?? FAILURES[ending];
  await updateRun(tx, runId, { state: 'failed', stands: false, failure: why, finishedAt: now });
  await queueCardUpdate(tx, id, now);
}

/** Whose request is taken back. */
export interface RequestWithdrawalWish {
  readonly name: ModelName;
  readonly person: PersonId;
  /** Id of the inbox row that brings it: what became of it is found again by that. */
  readonly source?: string;
}

/** What became of the withdrawal of a request. */
export type RequestWithdrawal =
  | { readonly ok: true }
  | { readonly ok: false; readonly refusal: 'no_request' | 'not_submitter' | 'not_open' };

/**
 * Takes back the newest request on a model version, for whoever submitted or made it: nothing can be decided on it any
 * more, and nothing is said about the artifact. Repeating it changes nothing; by its source not even when there is a
 * newer request since.
 *
 * @throws CountersignError `integrity` as in `decideApproval`
 */
export async function withdrawRequest(
  ctx: ApprovalContext,
  { name, person, source }: RequestWithdrawalWish,
): Promise<RequestWithdrawal> {
  return once(ctx, source, async (tx) => {
    const newest = await latestApprovalRequest(tx, name);
    if (newest === null) return { ok: false, refusal: 'no_request' };
    const request = intact(await lockApprovalRequest(tx, newest.id), newest.id);
    await holdRoles(tx);
    const { view } = request;
    if (!view.excluded.includes(person)) return { ok: false, refusal: 'not_submitter' };
    const now = ctx.clock.now();
    const approval = toApproval(request, await decisionsOn(tx, request.id));
    const state = approvalState(approval, await peopleNow({ ...ctx, db: tx }), now);
    if (request.decidedAt !== null || state !== 'pending') return { ok: false, refusal: 'not_open' };
    await endRequest(tx, request, 'withdrawn', `${ctx.directory.nameOf(person)} withdrew the request`, now);
    return { ok: true };
  });
}
