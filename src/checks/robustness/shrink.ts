import type { Asking, Probe } from './probe.ts';

/**
 * Puts back coordinates that a flip does not need: all at once that can go alone, else one after the other, the
 * smallest first. Trees ask about few columns, and random walks move all. About one query per coordinate.
 *
 * @param delta a perturbation that flips.
 * @returns one that flips too, never longer.
 */
export function* shrink(probe: Probe, delta: Float64Array): Asking<Float64Array> {
  const moved = [...delta.keys()].filter((coordinate) => delta[coordinate] !== 0);
  if (moved.length < 2 || 2 * moved.length > probe.left) return delta;
  const { flips } = yield* probe.ask(moved.map((coordinate) => without(delta, [coordinate])));
  const needless = moved.filter((_, index) => flips[index]);
  if (needless.length === 0) return delta;
  const bare = without(delta, needless);
  const answer = yield* probe.ask([bare]);
  return answer.flips[0] ? bare : yield* oneByOne(probe, delta, needless);
}

function* oneByOne(probe: Probe, delta: Float64Array, needless: readonly number[]): Asking<Float64Array> {
  let kept = delta;
  const size = (coordinate: number) => Math.abs(delta[coordinate] ?? 0);
  for (const coordinate of needless.toSorted((a, b) => size(a) - size(b))) {
    const candidate = without(kept, [coordinate]);
    const { flips } = yield* probe.ask([candidate]);
    if (flips[0]) kept = candidate;
  }
  return kept;
}

function without(delta: Float64Array, coordinates: readonly number[]): Float64Array {
  const rest = delta.slice();
  for (const coordinate of coordinates) rest[coordinate] = 0;
  return rest;
}
