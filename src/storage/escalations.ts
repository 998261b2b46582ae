import type { Instant, PersonId } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** A hop that was taken: who was asked, and when. */
export interface EscalationRow {
  readonly hop: string;
  readonly dueAt: Instant;
  readonly takenAt: Instant;
  /** `skipped` where it came too late to be of use. */
  readonly outcome: 'asked' | 'nobody' | 'skipped';
  readonly asked: readonly PersonId[];
  readonly channel: string | null;
}

/** Somebody to be asked. */
export interface AskRow {
  readonly request: string;
  readonly hop: string;
  readonly person: PersonId;
  readonly dueAt: Instant;
}

/** Notes that a hop was taken; a second time violates the table's key. */
export async function insertEscalation(tx: Tx, request: string, row: EscalationRow): Promise<void> {
  await tx
    .insertInto('escalations')
    .values({
      request,
      hop: row.hop,
      due_at: row.dueAt,
      taken_at: row.takenAt,
      outcome: row.outcome,
      asked: JSON.stringify(row.asked),
      channel: row.channel,
    })
    .execute();
}

/** The hops of a request that were taken, in the order in which they were due. */
export async function escalationsOf(db: Db, request: string): Promise<EscalationRow[]> {
  const rows = await db
    .selectFrom('escalations')
    .selectAll()
    .where('request', '=', request)
    .orderBy('due_at')
    .orderBy('hop')
    .execute();
  return rows.map((row) => ({
    hop: row.hop,
    dueAt: row.due_at,
    takenAt: row.taken_at,
    outcome: row.outcome,
    asked: row.asked as PersonId[],
    channel: row.channel,
  }));
}

/** Notes who is to be asked, and when. */
export async function insertAsks(tx: Tx, rows: readonly AskRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('asks')
    .values(rows.map(({ dueAt, ...row }) => ({ ...row, due_at: dueAt, queued_at: null })))
    .onConflict((oc) => oc.doNothing())
    .execute();
}

/** Takes those who are to be asked by now, each once. */
export async function takeDueAsks(tx: Tx, now: Instant): Promise<AskRow[]> {
  const rows = await tx
    .updateTable('asks')
    .set({ queued_at: now })
    .where('queued_at', 'is', null)
    .where('due_at', '<=', now)
    .returning(['request', 'hop', 'person', 'due_at'])
    .execute();
  return rows.map(({ due_at, ...row }) => ({ ...row, person: row.person as PersonId, dueAt: due_at }));
}
