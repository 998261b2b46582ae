import { sql } from 'kysely';
import type { Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { type FindingRow, findingFromRow } from './findings.ts';

/** How far a receiver has been told of a finding. */
export interface AlertDelivery {
  readonly finding: number;
  readonly receiver: string;
  /** What is wanted now, to be given back when it was told. */
  readonly wanted: number;
  readonly toldAt: Instant | null;
  /** Whether there is something that it was not told yet. */
  readonly pending: boolean;
  /** Why the last try failed; null where it did not. */
  readonly failure: string | null;
}

/** Who is to be told of a finding. */
export interface WantedDelivery {
  readonly finding: number;
  readonly receivers: readonly string[];
}

/** Has receivers be told of findings from now on; those that are already stay as they are. */
export async function addDeliveries(tx: Tx, wanted: readonly WantedDelivery[], now: Instant): Promise<void> {
  const pairs = wanted.flatMap(({ finding, receivers }) =>
    receivers.map((receiver) => ({ finding, receiver })),
  );
  if (pairs.length === 0) return;
  await sql`
    insert into alert_deliveries (finding, receiver, added_at, due_at)
    select finding, receiver, ${now}, ${now} from unnest(
      ${pairs.map(({ finding }) => finding)}::bigint[], ${pairs.map(({ receiver }) => receiver)}::text[])
      as pair (finding, receiver)
    on conflict (finding, receiver) do nothing`.execute(tx);
}

/** Notes that it is decided who is told of findings; returns those of which it was not before. */
export async function claimRouting(tx: Tx, findings: readonly number[], now: Instant): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update findings set routed_at = ${now}
    where id = any(${[...findings]}::bigint[]) and routed_at is null returning id`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Has everybody who is told of a finding be told what is new. Several roles may raise it: whatever it is, it can be raised. */
export async function wantTold(tx: Tx, findings: readonly number[], now: Instant): Promise<void> {
  if (findings.length === 0) return;
  await tx
    .updateTable('alert_deliveries')
    .set({ wanted: sql`wanted % 9007199254740991 + 1`, due_at: now })
    .where(sql<boolean>`finding = any(${[...findings]}::bigint[])`)
    .execute();
}

/** Findings of which it was not decided yet who is told, oldest first. */
export async function unroutedFindings(db: Db): Promise<FindingRow[]> {
  const rows = await db
    .selectFrom('findings')
    .selectAll()
    .where('routed_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(findingFromRow);
}

/** Who is told of findings, and how far, by the names of the receivers. */
export async function deliveriesOf(db: Db, findings: readonly number[]): Promise<AlertDelivery[]> {
  if (findings.length === 0) return [];
  const rows = await db
    .selectFrom('alert_deliveries')
    .selectAll()
    .where(sql<boolean>`finding = any(${[...findings]}::bigint[])`)
    .orderBy('finding')
    .orderBy('receiver')
    .execute();
  return rows.map(({ finding, receiver, told_at, wanted, told, failure }) => ({
    finding,
    receiver,
    wanted,
    toldAt: told_at,
    pending: wanted !== told,
    failure,
  }));
}
