import { sql } from 'kysely';
import type { Instant, Job } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { OUTBOX_CHANNEL } from './outbox.ts';

/** Something that arrived from outside. */
export interface InboxRow {
  readonly id: string;
  readonly source: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly receivedAt: Instant;
  readonly processedAt: Instant | null;
  /** What became of it, in a word; null while nothing has. */
  readonly outcome: string | null;
  /** What proves that the bot kept it, or that its token's secret came with it; null until then, or where it needs no answer. */
  readonly seal: string | null;
}

/** Stores an arrival; a repeated delivery is told apart by its key and changes nothing. */
export async function insertInbox(
  tx: Tx,
  arrival: Omit<InboxRow, 'processedAt' | 'outcome' | 'seal'> & { dedupeKey: string },
): Promise<{ created: boolean }> {
  const { id, source, dedupeKey, payload, receivedAt } = arrival;
  const row = await tx
    .insertInto('inbox')
    .values({
      id,
      source,
      dedupe_key: dedupeKey,
      payload: JSON.stringify(payload),
      received_at: receivedAt,
      processed_at: null,
      outcome: null,
      seal: null,
    })
    .onConflict((oc) => oc.columns(['source', 'dedupe_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return { created: row !== undefined };
}

/** An arrival that a job answers. */
export interface AnsweredArrival extends Omit<InboxRow, 'processedAt' | 'outcome'> {
  readonly dedupeKey: string;
  readonly job: Job;
}

/**
 * Stores arrivals together with the jobs that answer them, all or none, in one statement, because somebody waits for
 * each. A repeated delivery is told apart by its key and changes nothing.
 */
export async function insertInboxWithJobs(db: Db, arrivals: readonly AnsweredArrival[]): Promise<void> {
  await sql`
    with arrived as (
      select * from jsonb_to_recordset(${JSON.stringify(arrivals)}::jsonb)
        as row (id text, source text, "dedupeKey" text, payload jsonb, "receivedAt" timestamptz, seal text, job jsonb)),
    kept as (
      insert into inbox (id, source, dedupe_key, payload, received_at, seal)
      select id, source, "dedupeKey", payload, "receivedAt", seal from arrived
      on conflict (source, dedupe_key) do nothing returning id),
    queued as (
      insert into outbox (queue, name, payload, created_at, next_at, tries)
      select job ->> 'queue', job ->> 'name', job -> 'payload', "receivedAt", "receivedAt", 0
      from arrived join kept using (id))
    select pg_notify(${OUTBOX_CHANNEL}, job ->> 'queue') from arrived join kept using (id)`.execute(db);
}

/** An arrival by its id; null when there is none. */
export async function findInbox(db: Db, id: string): Promise<InboxRow | null> {
  const row = await db.selectFrom('inbox').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  return {
    id: row.id,
    source: row.source,
    payload: row.payload,
    receivedAt: row.received_at,
    processedAt: row.processed_at,
    outcome: row.outcome,
    seal: row.seal,
  };
}

/** Seals an arrival that waits for its answer. */
export async function sealInbox(db: Db, id: string, seal: string): Promise<void> {
  await db
    .updateTable('inbox')
    .set({ seal })
    .where('id', '=', id)
    .where('processed_at', 'is', null)
    .execute();
}

/** Notes that an arrival was dealt with, and how; the first time counts. A person's words are kept with the decision only. */
export async function markProcessed(tx: Db, id: string, at: Instant, outcome: string): Promise<void> {
  await tx
    .updateTable('inbox')
    .set({ processed_at: at, outcome, payload: sql`payload - 'reason' - 'documentation' - 'proof'` })
    .where('id', '=', id)
    .where('processed_at', 'is', null)
    .execute();
}
