import { sql } from 'kysely';
import type { Digest, Instant, ReceiverState } from '../domain/index.ts';
import type { Db } from './database.ts';

/** How a receiver fares, and whether it may be asked now. */
export interface ReceiverRow extends ReceiverState {
  /** Failures since it last took something. */
  readonly tries: number;
  readonly restsUntil: Instant | null;
  readonly toldAt: Instant | null;
}

/** A receiver with what waits for it. */
export interface ReceiverLoad extends ReceiverRow {
  /** Findings of which it was not told all yet. */
  readonly waiting: number;
}

/**
 * Makes receivers known, and forgets those that are configured no more. One that moved to another address is asked again
 * whatever it said before.
 */
export async function knowReceivers(
  db: Db,
  receivers: readonly { readonly name: string; readonly address: Digest }[],
  configured: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('alert_receivers')
    .where('name', 'not in', ['', ...configured])
    .execute();
  for (const { name, address } of receivers) {
    const fresh = { address, tries: 0, rests_until: null, failing_since: null, failure: null, gone_at: null };
    await db
      .insertInto('alert_receivers')
      .values({ name, ...fresh })
      .onConflict((oc) =>
        oc.column('name').doUpdateSet(fresh).where('alert_receivers.address', '!=', address),
      )
      .execute();
  }
}

/** How a receiver fares; null for one that was never made known. */
export async function findReceiver(db: Db, name: string): Promise<ReceiverRow | null> {
  const row = await db.selectFrom('alert_receivers').selectAll().where('name', '=', name).executeTakeFirst();
  return row === undefined ? null : receiverOf(row);
}

/** How each receiver fares, by name. */
export async function listReceivers(db: Db): Promise<ReceiverLoad[]> {
  const rows = await db
    .selectFrom('alert_receivers')
    .selectAll()
    .select(({ selectFrom }) =>
      selectFrom('alert_deliveries')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('receiver', '=', 'alert_receivers.name')
        .whereRef('wanted', '<>', 'told')
        .as('waiting'),
    )
    .orderBy('name')
    .execute();
  return rows.map(({ waiting, ...row }) => ({ ...receiverOf(row), waiting: Number(waiting ?? 0) }));
}

/** What became of a try to tell a receiver something. */
export type ReceiverOutcome =
  | { readonly kind: 'took' | 'gone' }
  /** It took something, but there is what it refuses. */
  | { readonly kind: 'took_some'; readonly failure: string | null }
  /** It is let rest until an instant, where there is one. */
  | { readonly kind: 'failed'; readonly failure: string; readonly until: Instant | null };

/** Notes what became of a try. */
export async function noteReceiver(
  db: Db,
  name: string,
  outcome: ReceiverOutcome,
  now: Instant,
): Promise<void> {
  await db.updateTable('alert_receivers').set(changeOf(outcome, now)).where('name', '=', name).execute();
}

function changeOf(outcome: ReceiverOutcome, now: Instant) {
  switch (outcome.kind) {
    case 'took':
      return { tries: 0, rests_until: null, failing_since: null, failure: null, told_at: now };
    case 'took_some':
      return {
        tries: 0,
        rests_until: null,
        failing_since: sql<Instant>`coalesce(failing_since, ${now}::timestamptz)`,
        failure: sql<string>`coalesce(${outcome.failure}, failure)`,
        told_at: now,
      };
    case 'gone':
      return { gone_at: now };
    case 'failed':
      return {
        tries: sql<number>`tries + 1`,
        rests_until: outcome.until,
        failing_since: sql<Instant>`coalesce(failing_since, ${now}::timestamptz)`,
        failure: outcome.failure,
      };
  }
}

function receiverOf(row: {
  name: string;
  tries: number;
  rests_until: Instant | null;
  failing_since: Instant | null;
  failure: string | null;
  told_at: Instant | null;
  gone_at: Instant | null;
}): ReceiverRow {
  return {
    name: row.name,
    tries: row.tries,
    restsUntil: row.rests_until,
    failingSince: row.failing_since,
    failure: row.failure,
    toldAt: row.told_at,
    goneAt: row.gone_at,
  };
}
