import type { Asking, Probe } from './probe.ts';
import type { Random } from './random.ts';
import { length } from './search.ts';
import { between } from './starts.ts';

/** Random points that are tried where nothing else flips. */
const RANDOM_STARTS = 64;

/** Where a walk can start. */
export interface StartOptions {
  /** Perturbations that lead to rows which the model is known to take for another class, or nearly. */
  readonly starts: readonly Float64Array[];
  readonly random: Random;
}

/** The smallest known perturbation that flips: an earlier attack's, another row's, else a random one. Null for none. */
export function* findStart(probe: Probe, { starts, random }: StartOptions): Asking<Float64Array | null> {
  const known = probe.l2 && between(probe.space, probe.origin, probe.l2.row);
  const found = yield* smallestFlip(probe, starts);
  const best = [known, found].filter((delta) => delta !== null).sort((a, b) => length(a) - length(b))[0];
  return best ?? (yield* smallestFlip(probe, randomPoints(probe, random)));
}

function* smallestFlip(probe: Probe, deltas: readonly Float64Array[]): Asking<Float64Array | null> {
  const { flips } = yield* probe.ask(deltas);
  const flipped = deltas.filter((_, index) => flips[index]);
  return flipped.sort((a, b) => length(a) - length(b))[0] ?? null;
}

/** Points all over the bounds, every other one drawn in towards the row. */
function randomPoints(probe: Probe, random: Random): Float64Array[] {
  return Array.from({ length: RANDOM_STARTS }, (_, index) => {
    const share = index % 2 === 0 ? 1 : random.uniform();
    return Float64Array.from(probe.space.columns, (_column, coordinate) => {
      const { down, up } = probe.space.room(probe.origin, coordinate);
      return share * random.between(down, up);
    });
  });
}
