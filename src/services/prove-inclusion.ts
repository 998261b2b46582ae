import {
  leafHash,
  proveInclusion,
  provesInclusion,
  type ReadNodes,
  type TreeHash,
  type TreeHead,
  type TreeNode,
} from '../attestation/index.ts';
import { CountersignError, type LedgerEntry } from '../domain/index.ts';
import { type Db, nodesIn } from '../storage/index.ts';

/** Proves for each of some leaves that the tree of a head holds it, in the order of the indexes given. One read. */
export async function inclusionProofs(
  db: Db,
  indexes: readonly number[],
  { treeSize }: TreeHead,
): Promise<TreeHash[][]> {
  const read = atOnce(nodesIn(db));
  return Promise.all(indexes.map((index) => proveInclusion(index, treeSize, read)));
}

/**
 * Those of some entries that the tree of a head holds: whoever only inserts a row, or alters one, has nothing there.
 * None where the tree itself is damaged.
 */
export async function includedEntries<Entry extends LedgerEntry>(
  db: Db,
  entries: readonly Entry[],
  head: TreeHead,
): Promise<ReadonlySet<Entry>> {
  const within = entries.filter(({ index }) => index < head.treeSize);
  const indexes = within.map(({ index }) => index);
  const proofs = await inclusionProofs(db, indexes, head).catch((error: unknown) => {
    if (error instanceof CountersignError && error.code === 'integrity') return [];
    throw error;
  });
  const isProved = (entry: Entry, at: number) => {
    const leaf = { index: entry.index, hash: leafHash(entry) };
    return provesInclusion(leaf, proofs[at] ?? [], head);
  };
  return new Set(within.filter(isProved));
}

/** Reads what is asked for at one moment together, each node once. */
function atOnce(read: ReadNodes): ReadNodes {
  const wanted = new Map<string, TreeNode>();
  const nameOf = ({ level, index }: TreeNode) => `${level}/${index}`;
  let reading: Promise<ReadonlyMap<string, TreeHash>> | null = null;
  const readAll = async () => {
    await Promise.resolve();
    const nodes = [...wanted];
    const hashes = await read(nodes.map(([, node]) => node));
    return new Map(nodes.map(([name], at) => [name, hashes[at] ?? '']));
  };
  return async (nodes) => {
    for (const node of nodes) wanted.set(nameOf(node), node);
    reading ??= readAll();
    const hashes = await reading;
    return nodes.map((node) => hashes.get(nameOf(node)) ?? '');
  };
}
