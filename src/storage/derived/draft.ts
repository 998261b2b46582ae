import { sql } from 'kysely';
import type { VerifiedStatement } from '../../domain/index.ts';
import type { Tx } from '../database.ts';
import { decideAnew } from './decided.ts';
import { lostColumns, type Surroundings } from './lost.ts';
import { rowSaidBy, type SaidRow } from './said-row.ts';
import { DERIVED_TABLES, draftOf } from './tables.ts';

/** Makes empty tables beside the derived ones, with their keys, that go with the transaction. */
export async function openDraft(tx: Tx): Promise<void> {
  for (const { name, unsigned } of DERIVED_TABLES) {
    const draft = sql.ref(draftOf(name));
    await sql`create temporary table ${draft} (like ${sql.ref(name)} including indexes) on commit drop`.execute(
      tx,
    );
    for (const column of unsigned) await sql`alter table ${draft} drop column ${sql.ref(column)}`.execute(tx);
    await sql`alter table ${draft} add column lost jsonb`.execute(tx);
  }
  // Of a request, what its decisions are weighed by; and when it was decided if only what was signed counted.
  await sql`alter table ${sql.ref(draftOf('approval_requests'))}
    add column asked jsonb, add column decided_as_signed timestamptz`.execute(tx);
}

/** How decisions are weighed, besides what a row is made of. */
export interface Weighing extends Surroundings {
  readonly people: Parameters<typeof decideAnew>[2];
}

/** Takes a statement into the draft. Returns why it has no place there; null where it has. */
export async function draftStatement(
  tx: Tx,
  said: VerifiedStatement,
  weighing: Weighing,
): Promise<string | null> {
  const row = rowSaidBy(said);
  if (row === null) return null;
  if (said.kind === 'delegation/v1' && row.opens) await endOver(tx, said.body.delegator, said.body.from);
  const isPlaced = row.opens
    ? (await isFounded(tx, said)) && (await open(tx, row, lostColumns(said, weighing)))
    : await change(tx, row);
  if (!isPlaced)
    return row.opens ? 'has no place beside what was said before' : 'changes what was never said';
  if (said.kind === 'approval-request/v1')
    await sql`update ${sql.ref(draftOf('approval_requests'))}
      set asked = ${JSON.stringify(said.body.roles)} where id = ${said.id}`.execute(tx);
  if (said.kind === 'approval-decision/v1')
    await decideAnew(tx, { request: said.body.target.id, at: said.body.decidedAt }, weighing.people);
  if (said.kind === 'approval-withdrawal/v1')
    await decideAnew(tx, { request: said.body.request, at: said.body.withdrawnAt }, weighing.people);
  return null;
}

/** Whether what a statement rests on was said before it. */
async function isFounded(tx: Tx, said: VerifiedStatement): Promise<boolean> {
  if (said.kind === 'approval-request/v1') return isThere(tx, 'records', 'statement', said.body.record);
  if (said.kind === 'renewal/v1') return isThere(tx, 'records', 'statement', said.body.record);
  if (said.kind === 'approval-decision/v1')
    return isThere(tx, 'approval_requests', 'id', said.body.target.id);
  return true;
}

async function isThere(tx: Tx, table: string, key: string, id: string): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.ref(draftOf(table))} where ${sql.ref(key)} = ${id}`.execute(
    tx,
  );
  return rows.length > 0;
}

async function open(
  tx: Tx,
  { table, columns }: SaidRow,
  lost: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const names = [...Object.keys(columns), 'lost'].map((name) => sql.ref(name));
  const values = [...Object.values(columns), JSON.stringify(lost)];
  const { rows } = await sql`insert into ${sql.ref(draftOf(table))} (${sql.join(names)})
    values (${sql.join(values)}) on conflict do nothing returning 1`.execute(tx);
  return rows.length > 0;
}

async function change(tx: Tx, { table, row, columns }: SaidRow): Promise<boolean> {
  const key = DERIVED_TABLES.find(({ name }) => name === table)?.key ?? 'id';
  const set = Object.entries(columns).map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
  const { rows } = await sql`update ${sql.ref(draftOf(table))} set ${sql.join(set)}
    where ${sql.ref(key)} = ${row} returning 1`.execute(tx);
  return rows.length > 0;
}

/** A delegation whose time was over when the next one was made had ended by itself. */
async function endOver(tx: Tx, delegator: string, at: string): Promise<void> {
  await sql`update ${sql.ref(draftOf('delegations'))} set ended_at = held_until
    where delegator = ${delegator} and ended_at is null and held_until <= ${at}`.execute(tx);
}
