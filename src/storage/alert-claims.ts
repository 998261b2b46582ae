import { sql } from 'kysely';
import type { Instant } from '../domain/index.ts';
import type { Db } from './database.ts';

/** Something to be told by whoever claimed it. */
export interface ClaimedDelivery {
  readonly finding: number;
  /** What is wanted now, to be given back when it was told. */
  readonly wanted: number;
  /** The newest event that the receiver took. */
  readonly event: number;
  /** How often the receiver refused it since it was last told. */
  readonly tries: number;
}

/** Names of receivers for which something is due. */
export async function receiversDue(db: Db, now: Instant): Promise<string[]> {
  const rows = await db
    .selectFrom('alert_deliveries')
    .select('receiver')
    .distinct()
    .where('due_at', '<=', now)
    .execute();
  return rows.map(({ receiver }) => receiver);
}

/**
 * Takes what is due for a receiver, oldest findings first and what it refused last, so that nobody else does before an
 * instant. Whoever takes it and dies lets it go then.
 */
export async function claimDeliveries(
  db: Db,
  receiver: string,
  { now, until, limit }: { readonly now: Instant; readonly until: Instant; readonly limit: number },
): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedDelivery>`
    update alert_deliveries set due_at = ${until} where receiver = ${receiver} and finding in (
      select finding from alert_deliveries where receiver = ${receiver} and due_at <= ${now}
      order by tries > 0, finding limit ${limit} for update skip locked)
    returning finding, wanted, event, tries`.execute(db);
  return rows.toSorted((a, b) => a.finding - b.finding);
}

/**
 * Of some findings those that have ended, and of which a receiver is told of a newer occurrence under the same name and
 * severity: to it both are one and the same.
 */
export async function overtakenFindings(
  db: Db,
  receiver: string,
  findings: readonly number[],
): Promise<ReadonlySet<number>> {
  // One look for each state, as the indexes are.
  const { rows } = await sql<{ id: number }>`
    select ended.id from findings as ended
    where ended.id = any(${[...findings]}::bigint[]) and ended.state = 'resolved' and exists (
      select 1 from (
        select id, severity from findings where key = ended.key and state = 'firing'
        union all
        select id, severity from findings where key = ended.key and state = 'resolved') as newer
      join alert_deliveries on finding = newer.id and receiver = ${receiver}
      where newer.id > ended.id and newer.severity = ended.severity)`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Something that a receiver took. */
interface Taken extends Omit<ClaimedDelivery, 'tries'> {
  /** When it is to be told again; null for not before there is news. */
  readonly next: Instant | null;
}

/** Notes that a receiver took what was claimed. News that came meanwhile is told at once. */
export async function markTold(
  db: Db,
  receiver: string,
  taken: readonly Taken[],
  now: Instant,
): Promise<void> {
  if (taken.length === 0) return;
  await sql`
    update alert_deliveries set told = took.wanted, event = took.event, told_at = ${now}, tries = 0, failure = null,
      due_at = case when alert_deliveries.wanted <> took.wanted then ${now}::timestamptz else took.next end
    from jsonb_to_recordset(${JSON.stringify(taken)}::jsonb)
      as took (finding bigint, wanted bigint, event bigint, next timestamptz)
    where alert_deliveries.finding = took.finding and receiver = ${receiver}`.execute(db);
}

/** Notes that an event was taken, of several that are told one after the other. */
export async function markEventTold(
  db: Db,
  receiver: string,
  { finding, event }: { readonly finding: number; readonly event: number },
): Promise<void> {
  await db
    .updateTable('alert_deliveries')
    .set({ event })
    .where('finding', '=', finding)
    .where('receiver', '=', receiver)
    .execute();
}

/** Notes that telling a receiver of findings failed; each waits until an instant, behind what it did not refuse. */
export async function markUntold(
  db: Db,
  receiver: string,
  untold: readonly { readonly finding: number; readonly until: Instant; readonly isRefused: boolean }[],
  failure: string,
): Promise<void> {
  if (untold.length === 0) return;
  await sql`
    update alert_deliveries set tries = tries + late."isRefused"::int, failure = ${failure}, due_at = late.until
    from jsonb_to_recordset(${JSON.stringify(untold)}::jsonb)
      as late (finding bigint, until timestamptz, "isRefused" boolean)
    where alert_deliveries.finding = late.finding and receiver = ${receiver}`.execute(db);
}

/** Whether there is something that a receiver refused and was not told since. */
export async function hasRefused(db: Db, receiver: string): Promise<boolean> {
  const row = await db
    .selectFrom('alert_deliveries')
    .select('finding')
    .where('receiver', '=', receiver)
    .where('tries', '>', 0)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
