import { nodeHash, type TreeHash, type TreeNode } from './merkle.ts';

/** Where the hashes of full subtrees are read: a database, a folder of tiles. In the order asked for. */
export type ReadNodes = (nodes: readonly TreeNode[]) => Promise<readonly TreeHash[]>;

/** The leaves from `start` up to but not including `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Proves that a leaf is in the tree of some size (RFC 6962 §2.1.1). Reads O(log² size) hashes at most, at once.
 *
 * @param index of the leaf, less than `size`
 */
export async function proveInclusion(index: number, size: number, read: ReadNodes): Promise<TreeHash[]> {
  return hashesOf(inclusionSpans(index, { start: 0, end: size }), read);
}

/**
 * Proves that the tree of one size grew from the tree of another (RFC 6962 §2.1.2); nothing is to be proved from the
 * empty tree, or from the same one.
 */
export async function proveConsistency(from: number, to: number, read: ReadNodes): Promise<TreeHash[]> {
  if (from === 0 || from === to) return [];
  return hashesOf(consistencySpans(from, { start: 0, end: to }, true), read);
}

/** The hashes of a compact range: those of the tree of some size that is no larger than the one that is read. */
export async function readRange(size: number, read: ReadNodes): Promise<readonly TreeHash[]> {
  return size === 0 ? [] : read(subtreesOf({ start: 0, end: size }));
}

/** Nearest the leaf first. */
function inclusionSpans(index: number, { start, end }: Span): Span[] {
  if (end - start <= 1) return [];
  const middle = start + splitOf(end - start);
  const [left, right] = [
    { start, end: middle },
    { start: middle, end },
  ];
  return index < middle ? [...inclusionSpans(index, left), right] : [...inclusionSpans(index, right), left];
}

/** @param isWhole whether the old tree is the very span, so that its root is known */
function consistencySpans(from: number, { start, end }: Span, isWhole: boolean): Span[] {
  if (from === end) return isWhole ? [] : [{ start, end }];
  const middle = start + splitOf(end - start);
  if (from <= middle)
    return [...consistencySpans(from, { start, end: middle }, isWhole), { start: middle, end }];
  return [...consistencySpans(from, { start: middle, end }, false), { start, end: middle }];
}

/** The largest power of two less than a size. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

async function hashesOf(spans: readonly Span[], read: ReadNodes): Promise<TreeHash[]> {
  const subtrees = spans.map(subtreesOf);
  const hashes = await read(subtrees.flat());
  const left = [...hashes];
  return subtrees.map(({ length }) =>
    left.splice(0, length).reduceRight((right, hash) => nodeHash(hash, right)),
  );
}

/** The full subtrees of a span that starts where one of its size may start, largest first. */
function subtreesOf({ start, end }: Span): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = start; at < end; ) {
    let level = 0;
    while (2 ** (level + 1) <= end - at) level += 1;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}
