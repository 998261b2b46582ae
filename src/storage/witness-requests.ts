import type { Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { addToOutbox } from './outbox.ts';
import type { WitnessAnswer } from './witness-tables.ts';

/** Asks for a view to be witnessed. */
export async function insertWitnessRequest(
  tx: Tx,
  { id, view, askedAt }: { readonly id: string; readonly view: string; readonly askedAt: Instant },
): Promise<void> {
  await tx
    .insertInto('witness_requests')
    .values({ id, view, asked_at: askedAt, outcome: null, word: null })
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

/** Answers a request; the first answer stands. */
export async function answerWitnessRequest(db: Db, id: string, answer: WitnessAnswer): Promise<void> {
  const { outcome, word } = answer;
  await db
    .updateTable('witness_requests')
    .set({ outcome, word })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .execute();
}

/** What was answered; null while nothing was. */
export async function witnessAnswer(db: Db, id: string): Promise<WitnessAnswer | null> {
  const row = await db
    .selectFrom('witness_requests')
    .select(['outcome', 'word'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.outcome && row.word !== null ? { outcome: row.outcome, word: row.word } : null;
}

/** Forgets requests that were made before an instant. */
export async function pruneWitnessRequests(db: Db, before: Instant): Promise<void> {
  await db.deleteFrom('witness_requests').where('asked_at', '<', before).execute();
}
