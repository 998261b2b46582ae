import type { Asking, Probe } from './probe.ts';
import type { Random } from './random.ts';
import { length } from './search.ts';

/** What an estimate is made from. */
export interface NormalQuestion {
  /** A perturbation that flips, close to the boundary between the classes. */
  readonly at: Float64Array;
  /** Random directions to ask about. */
  readonly samples: number;
  /** How far they reach, in scaled units. */
  readonly reach: number;
  readonly random: Random;
}

/**
 * The direction in which the flipped class lies, from labels alone: the mean of random directions around a point of
 * the boundary, each counted by whether it flips, less the mean answer (HopSkipJump, Chen, Jordan and Wainwright
 * 2020, equation 12). Of length 1; null where all directions cancel out.
 */
export function* boundaryNormal(probe: Probe, question: NormalQuestion): Asking<Float64Array | null> {
  const { at, samples } = question;
  const around = Array.from({ length: samples }, () => neighbour(probe, question));
  const { flips } = yield* probe.ask(around);
  const answers = flips.map((flip) => (flip ? 1 : -1));
  const mean = answers.reduce((sum, answer) => sum + answer, 0) / samples;
  const same = Math.abs(mean) === 1;
  const normal = new Float64Array(probe.space.dimensions);
  around.forEach((delta, index) => {
    const weight = same ? mean : (answers[index] ?? 0) - mean;
    // The directions that were really asked about: bounds and whole numbers have bent them.
    for (let part = 0; part < normal.length; part++) {
      normal[part] = (normal[part] ?? 0) + weight * ((delta[part] ?? 0) - (at[part] ?? 0));
    }
  });
  const size = length(normal);
  return size > 0 ? normal.map((part) => part / size) : null;
}

function neighbour(probe: Probe, { at, reach, random }: NormalQuestion): Float64Array {
  const next = new Float64Array(at.length);
  for (let part = 0; part < next.length; part++) next[part] = random.normal();
  const size = length(next) || 1;
  for (let part = 0; part < next.length; part++) {
    const step = ((next[part] ?? 0) / size) * reach;
    next[part] = (at[part] ?? 0) + wholeSteps(step, probe.space.grain(part), random);
  }
  return next;
}

/** A step in an integer column: up or down to a whole one at random, so that the expected step stays the same. */
function wholeSteps(step: number, grain: number, random: Random): number {
  if (grain === 0) return step;
  const grains = Math.abs(step) / grain;
  const whole = Math.floor(grains) + (random.uniform() < grains % 1 ? 1 : 0);
  return Math.sign(step) * whole * grain;
}
