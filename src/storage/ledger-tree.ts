import { sql } from 'kysely';
import type { ReadNodes, TreeHash } from '../attestation/index.ts';
import {
  CountersignError,
  type KeyId,
  type LedgerEntry,
  type PredicateKind,
  type StatementId,
} from '../domain/index.ts';
import type { Db } from './database.ts';
import type { StoredStatement } from './ledger.ts';

/**
 * Reads hashes of full subtrees, all at once.
 *
 * @throws CountersignError `integrity` where one is not there
 */
export function nodesIn(db: Db): ReadNodes {
  return async (nodes) => {
    if (nodes.length === 0) return [];
    const { rows } = await sql<{ hash: TreeHash | null }>`
      select node.hash from unnest(${nodes.map(({ level }) => level)}::smallint[],
        ${nodes.map(({ index }) => index)}::bigint[]) with ordinality as wanted (level, index, place)
      left join ledger_nodes node on node.level = wanted.level and node.index = wanted.index
      order by wanted.place`.execute(db);
    return rows.map(({ hash }) => hash ?? missing());
  };
}

function missing(): never {
  throw new CountersignError('integrity', "a hash of the ledger's tree is missing: the ledger is damaged");
}

/** What the ledger says of some of its statements, by their indexes; those that are missing are left out. */
export async function readEntries(db: Db, from: number, to: number): Promise<LedgerEntry[]> {
  const rows = await db
    .selectFrom('ledger')
    .select(['index', 'id', 'key_id as keyId', 'recorded_at as recordedAt'])
    .where('index', '>=', from)
    .where('index', '<', to)
    .orderBy('index')
    .execute();
  return rows.map((row) => ({ ...row, id: row.id as StatementId, keyId: row.keyId as KeyId }));
}

/** A row of the ledger, with everything that it says. */
export type LedgerRow = Omit<StoredStatement, 'copies'>;

const COLUMNS = [
  'index',
  'id',
  'kind',
  'subject',
  'key_id as keyId',
  'bundle',
  'recorded_at as recordedAt',
] as const;

function asRow<Row extends { id: string; keyId: string }>(row: Row) {
  return { ...row, id: row.id as StatementId, keyId: row.keyId as KeyId };
}

/** The same, with everything else that is stored of them. */
export async function readStatements(db: Db, from: number, to: number): Promise<LedgerRow[]> {
  const rows = await db
    .selectFrom('ledger')
    .select(COLUMNS)
    .where('index', '>=', from)
    .where('index', '<', to)
    .orderBy('index')
    .execute();
  return rows.map(asRow);
}

/** Rows of some kinds: those from an index on, and some others by their indexes. */
export async function statementsOfKinds(
  db: Db,
  kinds: readonly PredicateKind[],
  { from, also }: { readonly from: number; readonly also: readonly number[] },
): Promise<LedgerRow[]> {
  const rows = await db
    .selectFrom('ledger')
    .select(COLUMNS)
    .where('kind', 'in', kinds)
    .where((eb) => eb.or([eb('index', '>=', from), eb('index', '=', sql<number>`any(${also}::bigint[])`)]))
    .orderBy('index')
    .execute();
  return rows.map(asRow);
}

/** The first row that the tree has no place for; null where there is none, as there should be. */
export async function entryBeyond(
  db: Db,
  treeSize: number,
): Promise<{ readonly index: number; readonly id: StatementId } | null> {
  const row = await db
    .selectFrom('ledger')
    .select(['index', 'id'])
    .where('index', '>=', treeSize)
    .orderBy('index')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { index: row.index, id: row.id as StatementId };
}
