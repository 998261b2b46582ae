/** How long ours and the reference took, in the repetitions of a bench. */
export interface Pairs {
  /** Seconds, median. */
  readonly ours: number;
  readonly reference: number;
  /** Medians of the quotients of neighbours: what else the machine does falls upon both. */
  readonly slowdown: number;
  readonly speedup: number;
}

/**
 * Runs ours and the reference in turns, after one round that does not count.
 *
 * @param reference gives the seconds that it took, as does `ours`
 */
export async function inTurns(
  repetitions: number,
  reference: () => Promise<number>,
  ours: () => Promise<number>,
): Promise<Pairs> {
  const rounds: { reference: number; ours: number }[] = [];
  for (let round = 0; round <= repetitions; round += 1) {
    // Neither is always the second, which finds caches full and the machine warm.
    const oursFirst = round % 2 === 1 ? await ours() : undefined;
    const reference_ = await reference();
    rounds.push({ reference: reference_, ours: oursFirst ?? (await ours()) });
  }
  const counted = rounds.slice(1);
  return {
    ours: median(counted.map((round) => round.ours)),
    reference: median(counted.map((round) => round.reference)),
    slowdown: median(counted.map((round) => round.ours / round.reference)),
    speedup: median(counted.map((round) => round.reference / round.ours)),
  };
}

/** Seconds that some work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
