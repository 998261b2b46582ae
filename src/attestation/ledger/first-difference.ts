import type { ReadNodes } from './proof.ts';

/**
 * The first leaf in which two trees differ, or null where their first leaves are the same ones. Reads one node of each
 * level: what is under a node that both have is the same.
 *
 * @param size how many leaves are compared; both trees must have as many
 */
export async function firstDifference(
  size: number,
  one: ReadNodes,
  other: ReadNodes,
): Promise<number | null> {
  let same = 0;
  for (let level = Math.floor(Math.log2(Math.max(size, 1))); level >= 0; level--) {
    const span = 2 ** level;
    if (same + span > size) continue;
    const node = { level, index: same / span };
    const [[here], [there]] = await Promise.all([one([node]), other([node])]);
    if (here === there) same += span;
  }
  return same < size ? same : null;
}
