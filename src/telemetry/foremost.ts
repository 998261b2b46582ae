/**
 * So many of a list by rank, the highest first, and within a rank by key: the same ones in whatever order they come, so that one
 * that is added or changed takes the place of one other at most.
 */
export function foremost<One>(
  all: readonly One[],
  most: number,
  rankOf: (one: One) => number,
  keyOf: (one: One) => string,
): readonly One[] {
  if (all.length <= most) return all;
  const byRank = [...Map.groupBy(all, rankOf)].sort(([one], [other]) => other - one);
  const chosen: One[] = [];
  for (const [, some] of byRank) {
    const room = most - chosen.length;
    for (const one of some.length <= room ? some : inOrder(some, keyOf).slice(0, room)) chosen.push(one);
  }
  return chosen;
}

/** By key, as code units are ordered: in every language alike. */
export function inOrder<One>(some: readonly One[], keyOf: (one: One) => string): readonly One[] {
  const keyed = some.map((one) => ({ one, key: keyOf(one) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ one }) => one);
}

/** A function that gives the very same result as long as it is given the very same arguments. */
export function remembered<Given extends readonly unknown[], Made>(
  make: (...given: Given) => Made,
): (...given: Given) => Made {
  let last: { readonly given: Given; readonly made: Made } | null = null;
  return (...given) => {
    if (last === null || last.given.some((one, at) => one !== given[at]))
      last = { given, made: make(...given) };
    return last.made;
  };
}
