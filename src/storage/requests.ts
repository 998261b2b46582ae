import type { Digest, Instant, ModelName } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { addToOutbox } from './outbox.ts';
import type { RequestAnswer } from './request-tables.ts';

/** Where one surface asks another. */
export type RequestTable = 'witness_requests' | 'evidence_requests';

interface NewRequest {
  readonly id: string;
  readonly askedAt: Instant;
}

const UNANSWERED = { outcome: null, word: null } as const;

/** Asks for a view to be witnessed. */
export async function insertWitnessRequest(
  tx: Tx,
  { id, view, askedAt }: NewRequest & { readonly view: string },
): Promise<void> {
  await tx
    .insertInto('witness_requests')
    .values({ id, view, asked_at: askedAt, ...UNANSWERED })
    .execute();
  await addToOutbox(tx, { queue: 'witness', name: 'witness-view', payload: { requestId: id } }, askedAt);
}

/** The view of a request that waits for its answer; null where none does. */
export async function viewToWitness(db: Db, id: string): Promise<string | null> {
  const row = await db
    .selectFrom('witness_requests')
    .select('view')
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .executeTakeFirst();
  return row?.view ?? null;
}

/** A model version, and the artifact under its name that evidence is asked for. */
export interface AskedEvidence extends ModelName {
  readonly artifact: Digest;
}

/** Asks for evidence to be made. */
export async function insertEvidenceRequest(
  tx: Tx,
  { id, askedAt, modelId, modelVersion, artifact }: NewRequest & AskedEvidence,
): Promise<void> {
  const asked = { model_id: modelId, model_version: modelVersion, artifact };
  await tx
    .insertInto('evidence_requests')
    .values({ id, ...asked, asked_at: askedAt, ...UNANSWERED })
    .execute();
  await addToOutbox(tx, { queue: 'evidence', name: 'make-evidence', payload: { requestId: id } }, askedAt);
}

/** What a request that waits for its answer asks for; null where none does. */
export async function evidenceToMake(db: Db, id: string): Promise<AskedEvidence | null> {
  const row = await db
    .selectFrom('evidence_requests')
    .select(['model_id as modelId', 'model_version as modelVersion', 'artifact'])
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

/** Answers a request; the first answer stands. */
export async function answerRequest(
  db: Db,
  table: RequestTable,
  id: string,
  { outcome, word }: RequestAnswer,
): Promise<void> {
  await db
    .updateTable(common(table))
    // Which outcomes a table takes, it checks itself.
    .set({ outcome: outcome as 'refused', word })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .execute();
}

/** What was answered; null while nothing was. */
export async function requestAnswer(db: Db, table: RequestTable, id: string): Promise<RequestAnswer | null> {
  const row = await db
    .selectFrom(common(table))
    .select(['outcome', 'word'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.outcome && row.word !== null ? { outcome: row.outcome, word: row.word } : null;
}

/** Forgets requests that were made before an instant. */
export async function pruneRequests(db: Db, table: RequestTable, before: Instant): Promise<void> {
  await db.deleteFrom(common(table)).where('asked_at', '<', before).execute();
}

/** The tables have all columns in common by which they are answered. */
function common(table: RequestTable): 'witness_requests' {
  return table as 'witness_requests';
}
