import { sql } from 'kysely';
import type { Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** Notes that a posting should be shown anew. Until it is, further wishes become part of the same one. */
export async function wantShown(
  db: Db,
  { id, channel }: { readonly id: string; readonly channel: string },
  now: Instant,
): Promise<void> {
  await db
    .insertInto('deliveries')
    .values({ posting: id, channel, wanted: 1, shown: 0, wanted_at: now, due_at: now, tries: 0 })
    .onConflict((oc) =>
      oc.column('posting').doUpdateSet({
        wanted: sql`deliveries.wanted + 1`,
        wanted_at: sql`case when deliveries.shown < deliveries.wanted then deliveries.wanted_at else ${now} end`,
        due_at: sql`case when deliveries.shown < deliveries.wanted then deliveries.due_at else ${now} end`,
      }),
    )
    .execute();
}

/** Channels in which something is to be shown by now, those that wait longest first. */
export async function channelsDue(db: Db, now: Instant): Promise<string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('channel')
    .whereRef('shown', '<', 'wanted')
    .where('due_at', '<=', now)
    .groupBy('channel')
    .orderBy((eb) => eb.fn.min('wanted_at'))
    .execute();
  return rows.map(({ channel }) => channel);
}

/** Postings in a channel that are to be shown by now, those that wait longest first. */
export async function postingsDue(db: Db, channel: string, now: Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('posting')
    .where('channel', '=', channel)
    .whereRef('shown', '<', 'wanted')
    .where('due_at', '<=', now)
    .orderBy('wanted_at')
    .orderBy('posting')
    .limit(limit)
    .execute();
  return rows.map(({ posting }) => posting);
}

/** What is wanted of a posting at this moment; null when it shows that already. */
export async function wantedNow(tx: Tx, posting: string): Promise<number | null> {
  const row = await tx
    .selectFrom('deliveries')
    .select('wanted')
    .where('posting', '=', posting)
    .whereRef('shown', '<', 'wanted')
    .executeTakeFirst();
  return row?.wanted ?? null;
}

/** Notes that a posting shows how things stood after everything up to `wanted` had been asked for. */
export async function markShown(tx: Tx, posting: string, wanted: number, now: Instant): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ shown: wanted, tries: 0, wanted_at: now, due_at: now })
    .where('posting', '=', posting)
    .execute();
}

/**
 * Puts a posting off after a failure; returns how often it has failed since it was last shown. It counts as a new wish:
 * whatever became of the failed try, it is shown again.
 */
export async function postponeShowing(db: Db, posting: string, until: Instant): Promise<number> {
  const row = await db
    .updateTable('deliveries')
    .set({ wanted: sql`wanted + 1`, tries: sql`tries + 1`, due_at: until })
    .where('posting', '=', posting)
    .returning('tries')
    .executeTakeFirst();
  return row?.tries ?? 0;
}

/** How often showing a posting has failed since it was last shown. */
export async function failuresOf(db: Db, posting: string): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select('tries')
    .where('posting', '=', posting)
    .executeTakeFirst();
  return row?.tries ?? 0;
}

/** Puts off everything in a channel that takes nothing for a while. */
export async function postponeChannel(db: Db, channel: string, until: Instant): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ due_at: until })
    .where('channel', '=', channel)
    .whereRef('shown', '<', 'wanted')
    .where('due_at', '<', until)
    .execute();
}
