import { proveInclusion, type TreeHash, type TreeHead } from '../attestation/index.ts';
import { type Db, nodesIn } from '../storage/index.ts';

/** How many proofs are read at a time. */
const BATCH = 16;

/** Proves for each of some leaves that the tree of a head holds it, in the order of the indexes given. */
export async function inclusionProofs(
  db: Db,
  indexes: readonly number[],
  { treeSize }: TreeHead,
): Promise<TreeHash[][]> {
  const proofs: TreeHash[][] = [];
  for (let start = 0; start < indexes.length; start += BATCH) {
    const some = indexes.slice(start, start + BATCH);
    proofs.push(...(await Promise.all(some.map((index) => proveInclusion(index, treeSize, nodesIn(db))))));
  }
  return proofs;
}
