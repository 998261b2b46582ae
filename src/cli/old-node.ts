/** The oldest major version of Node that has everything the program calls. */
const OLDEST = 24;

/**
 * Why this Node cannot run the program, or null where it can. Loaded before everything else, so that whoever starts it
 * with an old Node reads this sentence and not one about a missing function.
 */
export function oldNode(version: string): string | null {
  if (Number.parseInt(version, 10) >= OLDEST) return null;
  return (
    `Countersign runs on Node ${OLDEST} or later, and this is ${version}. ` +
    'Start it as "npx countersign" in its folder, where npm ci has put a Node of its own, or install a newer one.'
  );
}
