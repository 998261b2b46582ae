import {
  type Checkpoint,
  firstDifference,
  proveConsistency,
  provesConsistency,
  type ReadNodes,
  readRange,
  rootOf,
  type TreeHead,
} from '../../attestation/index.ts';

/** How a ledger stands to a checkpoint that was kept of it. */
export type LedgerComparison =
  | { readonly consistent: true /** Entries since. */; readonly added: number }
  | {
      readonly consistent: false;
      /** `rolled_back` has fewer entries than were signed; `damaged` tiles do not give the root of their own head. */
      readonly fault: 'rolled_back' | 'rewritten' | 'damaged';
      /** The first entry that is another one, or is gone; null where nothing that is at hand tells. */
      readonly firstEntry: number | null;
    };

/** A tree's head, and its hashes. */
export interface Log {
  readonly head: TreeHead;
  readonly nodes: ReadNodes;
}

/**
 * Whether a ledger grew from the tree of a checkpoint.
 *
 * @param known the nodes of the checkpoint's tree, where somebody kept them: they tell which entry differs
 * @throws CountersignError `invalid_input`, `not_found` or `unavailable` where tiles are missing
 */
export async function compareLedger(
  kept: Checkpoint,
  known: ReadNodes | null,
  { head, nodes }: Log,
): Promise<LedgerComparison> {
  if (kept.treeSize <= head.treeSize) {
    const proof = await proveConsistency(kept.treeSize, head.treeSize, nodes);
    if (provesConsistency(kept, head, proof))
      return { consistent: true, added: head.treeSize - kept.treeSize };
    if (!(await hasRoot(head, nodes))) return { consistent: false, fault: 'damaged', firstEntry: null };
  }
  const fault = kept.treeSize > head.treeSize ? 'rolled_back' : 'rewritten';
  const isProved = known !== null && (await hasRoot(kept, known));
  if (!isProved) return { consistent: false, fault, firstEntry: null };
  const common = Math.min(kept.treeSize, head.treeSize);
  return { consistent: false, fault, firstEntry: (await firstDifference(common, known, nodes)) ?? common };
}

async function hasRoot({ treeSize, root }: TreeHead, nodes: ReadNodes): Promise<boolean> {
  return rootOf({ size: treeSize, hashes: await readRange(treeSize, nodes) }) === root;
}
