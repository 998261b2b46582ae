import type { Asking, Probe } from './probe.ts';
import type { Random } from './random.ts';
import { searchRay } from './search.ts';

/** What the noise takes from outside. */
export interface NoiseOptions {
  /** Sizes of noise, ascending. */
  readonly epsilons: readonly number[];
  /** Draws of each kind per row and epsilon. */
  readonly draws: number;
  readonly random: Random;
}

/**
 * Random noise within each epsilon: uniform, and Gaussian with half of epsilon as its deviation, cut off at epsilon.
 * Larger noise is not drawn for a row that a smaller one flips. What flips is drawn in towards the row.
 */
export function* noise(probe: Probe, { epsilons, draws, random }: NoiseOptions): Asking<void> {
  const affordable = Math.min(draws, Math.floor(probe.left / (2 * Math.max(1, epsilons.length))));
  if (probe.space.dimensions === 0 || affordable === 0) return;
  for (const epsilon of epsilons) {
    if (probe.linf !== null && probe.linf.linf <= epsilon) return;
    const deltas = Array.from({ length: 2 * affordable }, (_, draw) => {
      const part = draw % 2 === 0 ? () => random.between(-1, 1) : () => cutOff(random.normal() / 2);
      const delta = new Float64Array(probe.space.dimensions);
      for (let each = 0; each < delta.length; each++) delta[each] = epsilon * part();
      return delta;
    });
    const { flips } = yield* probe.ask(deltas);
    const direction = smallest(deltas.filter((_, draw) => flips[draw]));
    if (direction === null) continue;
    yield* searchRay(probe, { direction, radii: [1], precision: 0.01 });
    return;
  }
}

function cutOff(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

function smallest(deltas: readonly Float64Array[]): Float64Array | null {
  const size = (delta: Float64Array) => delta.reduce((most, part) => Math.max(most, Math.abs(part)), 0);
  return deltas.toSorted((a, b) => size(a) - size(b))[0] ?? null;
}
