import type { ApprovalView, Digest, Ending, Instant, StatementId } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { requestColumns, type Said } from './derived/columns.ts';

/** An approval request with what deciders are shown. */
export interface ApprovalRequestRow {
  readonly id: StatementId;
  readonly runId: string;
  readonly view: ApprovalView;
  readonly viewDigest: Digest;
  readonly supersededAt: Instant | null;
  /** Why, where no newer submission took its place. */
  readonly ending: Ending | null;
  readonly decidedAt: Instant | null;
  /** When it was noticed that its time had run out; null while that was not. */
  readonly lapsedAt: Instant | null;
}

/** Stores a request beside its statement, with what deciders are shown. One per run. */
export async function insertApprovalRequest(
  tx: Tx,
  said: Said<'approval-request/v1'>,
  view: ApprovalView,
): Promise<void> {
  const open = { superseded_at: null, ending: null, decided_at: null, lapsed_at: null };
  await tx
    .insertInto('approval_requests')
    .values({ ...requestColumns(said), view: JSON.stringify(view), ...open })
    .execute();
}

/** A request by its id; null when there is none. */
export async function findApprovalRequest(db: Db, id: string): Promise<ApprovalRequestRow | null> {
  const row = await db.selectFrom('approval_requests').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toRequestRow(row);
}

/** The request that a run made; null when it made none. */
export async function findApprovalRequestOfRun(db: Db, runId: string): Promise<ApprovalRequestRow | null> {
  const row = await db
    .selectFrom('approval_requests')
    .selectAll()
    .where('run_id', '=', runId)
    .executeTakeFirst();
  return row === undefined ? null : toRequestRow(row);
}

/** Takes the request's row lock: decisions on one request take turns, in whatever process. */
export async function lockApprovalRequest(tx: Tx, id: string): Promise<ApprovalRequestRow | null> {
  const row = await tx
    .selectFrom('approval_requests')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : toRequestRow(row);
}

/** Notes that an open request has ended undecided, and why. */
export async function markRequestEnded(tx: Tx, id: string, ending: Ending, at: Instant): Promise<void> {
  await tx.updateTable('approval_requests').set({ superseded_at: at, ending }).where('id', '=', id).execute();
}

/** The newest request on a model version; null when there is none. */
export async function latestApprovalRequest(
  db: Db,
  name: { readonly modelId: string; readonly modelVersion: string },
): Promise<ApprovalRequestRow | null> {
  const row = await db
    .selectFrom('approval_requests')
    .selectAll()
    .where('model_id', '=', name.modelId)
    .where('model_version', '=', name.modelVersion)
    .orderBy('requested_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toRequestRow(row);
}

/** Notes when a request was decided: it is open no more. */
export async function markRequestDecided(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx.updateTable('approval_requests').set({ decided_at: at }).where('id', '=', id).execute();
}

/** Supersedes a model version's undecided requests, all or those about one artifact; returns them with their runs. */
export async function supersedeRequests(
  tx: Tx,
  name: { modelId: string; modelVersion: string },
  at: Instant,
  artifact?: Digest,
): Promise<{ id: string; runId: string }[]> {
  let update = tx
    .updateTable('approval_requests')
    .set({ superseded_at: at })
    .where('model_id', '=', name.modelId)
    .where('model_version', '=', name.modelVersion)
    .where('superseded_at', 'is', null)
    .where('decided_at', 'is', null)
    .where('lapsed_at', 'is', null);
  if (artifact !== undefined) update = update.where('artifact_digest', '=', artifact);
  const rows = await update.returning(['id', 'run_id']).execute();
  return rows.map(({ id, run_id }) => ({ id, runId: run_id }));
}

/** Notes that a request is open again, or for a newer run that it is superseded. */
export async function reopenRequest(tx: Tx, id: string, supersededAt: Instant | null): Promise<void> {
  await tx
    .updateTable('approval_requests')
    .set({ decided_at: null, superseded_at: supersededAt })
    .where('id', '=', id)
    .execute();
}

/** A request as the table has it. */
export function toRequestRow(row: {
  id: string;
  run_id: string;
  view: ApprovalView;
  view_digest: string;
  superseded_at: Instant | null;
  ending: string | null;
  decided_at: Instant | null;
  lapsed_at: Instant | null;
}): ApprovalRequestRow {
  return {
    id: row.id as StatementId,
    runId: row.run_id,
    view: row.view,
    viewDigest: row.view_digest as Digest,
    supersededAt: row.superseded_at,
    ending: row.ending as Ending | null,
    decidedAt: row.decided_at,
    lapsedAt: row.lapsed_at,
  };
}
