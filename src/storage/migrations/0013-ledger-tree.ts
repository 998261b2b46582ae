import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import {
  type CompactRange,
  emptyRange,
  growRange,
  type HashedNode,
  type LeafEntry,
  leafHash,
} from '../../attestation/index.ts';

/** The hashes of the Merkle tree, so that a proof is read and not computed; leaves say more than statement ids now. */
export const ledgerTree: Migration = {
  up: async (db) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
    await hashPresent(db);
  },
};

const STATEMENTS = [
  `create table ledger_nodes (
    level smallint not null check (level >= 0),
    index bigint not null check (index >= 0),
    hash text not null,
    primary key (level, index))`,
  `create trigger ledger_nodes_append_only before update or delete or truncate on ledger_nodes
    for each statement execute function refuse_change()`,
];

const BATCH = 500;

/** Hashes what earlier releases have appended. */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its own time only.
async function hashPresent(db: Kysely<any>): Promise<void> {
  let range: CompactRange = emptyRange();
  for (;;) {
    const rows = await db
      .selectFrom('ledger')
      .select(['id', 'key_id as keyId', 'recorded_at as recordedAt'])
      .where('index', '>=', range.size)
      .orderBy('index')
      .limit(BATCH)
      .execute();
    if (rows.length === 0) break;
    const nodes: HashedNode[] = [];
    for (const row of rows as LeafEntry[]) {
      const grown = growRange(range, leafHash(row));
      range = grown.range;
      nodes.push(...grown.nodes);
    }
    await db.insertInto('ledger_nodes').values(nodes).execute();
  }
  await db
    .updateTable('ledger_state')
    .set({ size: range.size, range: JSON.stringify(range.hashes) })
    .execute();
}
