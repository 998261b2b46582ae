/**
 * Names that somebody may have meant who wrote another one, the likeliest first: those that differ by few letters, and
 * those that hold what was written, or are held by it, but for case and separators.
 */
export function nearMisses(written: string, names: readonly string[], most = 3): string[] {
  const wanted = bare(written);
  if (wanted === '') return [];
  return [...new Set(names)]
    .flatMap((name) => {
      const distance = distanceTo(wanted, bare(name));
      return distance === null ? [] : [{ name, distance }];
    })
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** Longer texts are no slips of the finger, and comparing them takes time. */
const LONGEST = 64;

function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .slice(0, LONGEST);
}

/** Null where a name is not near. */
function distanceTo(wanted: string, name: string): number | null {
  if (wanted === name) return 0;
  const isPart = wanted.length >= 3 && (name.includes(wanted) || (name.length >= 3 && wanted.includes(name)));
  const distance = editDistance(wanted, name);
  const allowed = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 4));
  if (distance <= allowed) return distance;
  return isPart ? allowed + 1 : null;
}

/** How many letters must be put in, left out, replaced, or swapped with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = (last[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const oneMore = Math.min(last[column] ?? 0, next[column - 1] ?? 0) + 1;
      const swapped =
        a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
          ? (before[column - 2] ?? Number.POSITIVE_INFINITY) + 1
          : Number.POSITIVE_INFINITY;
      next.push(Math.min(changed, oneMore, swapped));
    }
    [before, last] = [last, next];
  }
  return last[b.length] ?? 0;
}
