import { sql } from 'kysely';
import {
  type CompactRange,
  emptyRange,
  growRange,
  type HashedNode,
  leafHash,
  type TreeHash,
  type TreeNode,
} from '../../attestation/index.ts';
import type { LedgerEntry } from '../../domain/index.ts';
import { canonicalJson } from '../../lib/index.ts';
import type { Tx } from '../database.ts';
import { readEntries } from '../ledger-tree.ts';
import type { RowDifference } from './differences.ts';

/** Something in the stored tree that is not as the entries give it, and how it is put right. */
export interface TreeDifference extends RowDifference {
  mend(tx: Tx): Promise<void>;
}

/** The tree with some more entries, and the hashes that these completed. */
export function grownBy(
  range: CompactRange,
  entries: readonly LedgerEntry[],
): { readonly range: CompactRange; readonly nodes: readonly HashedNode[] } {
  let grown = range;
  const nodes: HashedNode[] = [];
  for (const entry of entries) {
    const next = growRange(grown, leafHash(entry));
    grown = next.range;
    nodes.push(...next.nodes);
  }
  return { range: grown, nodes };
}

const PAGE = 1024;

/** What of the stored tree is not as the first entries of the ledger give it, page by page. */
export async function* differencesOfTree(tx: Tx, size: number): AsyncGenerator<readonly TreeDifference[]> {
  let range = emptyRange();
  while (range.size < size) {
    const { range: grown, nodes } = grownBy(range, await readEntries(tx, range.size, range.size + PAGE));
    const stored = await storedHashes(tx, nodes);
    yield nodes.flatMap((node, at) => nodeDifference(node, stored[at] ?? null) ?? []);
    range = grown;
  }
  yield* beyond(tx, size);
  yield await stateDifference(tx, range);
}

async function storedHashes(tx: Tx, nodes: readonly TreeNode[]): Promise<(TreeHash | null)[]> {
  const { rows } = await sql<{ hash: TreeHash | null }>`
    select node.hash from unnest(${nodes.map(({ level }) => level)}::smallint[],
      ${nodes.map(({ index }) => index)}::bigint[]) with ordinality as wanted (level, index, place)
    left join ledger_nodes node on node.level = wanted.level and node.index = wanted.index
    order by wanted.place`.execute(tx);
  return rows.map(({ hash }) => hash);
}

function nodeDifference(node: HashedNode, stored: TreeHash | null): TreeDifference | null {
  if (stored === node.hash) return null;
  const about = { table: 'ledger_nodes', row: nameOf(node) };
  if (stored === null) return { ...about, kind: 'missing', columns: [], mend: (tx) => addNode(tx, node) };
  const columns = [{ column: 'hash', stored, derived: node.hash }];
  const mend = (tx: Tx) =>
    unlocked(tx, async () => {
      await dropNode(tx, node);
      await addNode(tx, node);
    });
  return { ...about, kind: 'altered', columns, mend };
}

/** `level/index`. */
function nameOf({ level, index }: TreeNode): string {
  return `${level}/${index}`;
}

async function addNode(tx: Tx, node: HashedNode): Promise<void> {
  await tx
    .insertInto('ledger_nodes')
    .values({ ...node })
    .execute();
}

/** Hashes of no entry. */
async function* beyond(tx: Tx, size: number): AsyncGenerator<readonly TreeDifference[]> {
  const { rows } = await sql<TreeNode>`select level, index from ledger_nodes
    where (index + 1) * (1::numeric * 2 ^ level) > ${size} order by level, index`.execute(tx);
  yield rows.map((node) => ({
    ...{ table: 'ledger_nodes', row: nameOf(node), kind: 'extra', columns: [] },
    mend: (mending) => unlocked(mending, () => dropNode(mending, node)),
  }));
}

async function dropNode(tx: Tx, { level, index }: TreeNode): Promise<void> {
  await tx.deleteFrom('ledger_nodes').where('level', '=', level).where('index', '=', index).execute();
}

async function stateDifference(tx: Tx, { size, hashes }: CompactRange): Promise<TreeDifference[]> {
  const state = await tx.selectFrom('ledger_state').selectAll().executeTakeFirst();
  const about = { table: 'ledger_state', row: 'true' };
  const values = { size, range: JSON.stringify(hashes) };
  if (state === undefined) {
    const mend = async (mending: Tx) => {
      await mending
        .insertInto('ledger_state')
        .values({ singleton: true, ...values })
        .execute();
    };
    return [{ ...about, kind: 'missing', columns: [], mend }];
  }
  const columns = [
    ...(state.size === size ? [] : [{ column: 'size', stored: state.size, derived: size }]),
    ...(canonicalJson(state.range) === canonicalJson([...hashes])
      ? []
      : [{ column: 'range', stored: state.range, derived: [...hashes] }]),
  ];
  const mend = async (mending: Tx) => {
    await mending.updateTable('ledger_state').set(values).execute();
  };
  return columns.length === 0 ? [] : [{ ...about, kind: 'altered', columns, mend }];
}

/** The hashes are append-only for everybody but whoever owns the table, and for them but within this. */
async function unlocked(tx: Tx, work: () => Promise<void>): Promise<void> {
  await sql`alter table ledger_nodes disable trigger ledger_nodes_append_only`.execute(tx);
  await work();
  await sql`alter table ledger_nodes enable trigger ledger_nodes_append_only`.execute(tx);
}
