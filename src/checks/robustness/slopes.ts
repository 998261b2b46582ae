import { margin, marginRule } from './margin.ts';
import type { Asking, Probe } from './probe.ts';

/**
 * Steps of the finite differences, in scaled units. The next one is tried for coordinates that the one before it did
 * not move at all: 32-bit inputs swallow small steps of large values, and models with steps are flat in between.
 */
const STEPS = [0.001, 0.05, 1];

/** What is asked about a point: which coordinates, and the slopes towards which classes. */
export interface SlopeQuestion {
  readonly point: Float64Array;
  readonly coordinates: readonly number[];
  readonly targets: readonly number[];
}

/**
 * Central differences of each target's margin along each coordinate, one vector per target. Two queries per
 * coordinate and step. Null where the model gives no scores.
 */
export function* slopesAt(probe: Probe, question: SlopeQuestion): Asking<Float64Array[] | null> {
  if (probe.scores === null) return null;
  const slopes = question.targets.map(() => new Float64Array(probe.space.dimensions));
  let open = question.coordinates;
  for (const step of STEPS) {
    if (open.length === 0) break;
    const { scores } = yield* probe.ask(
      open.flatMap((coordinate) => pair(probe, question, coordinate, step)),
    );
    if (scores === null) return null;
    fill(probe, { slopes, targets: question.targets, open, scores });
    open = open.filter((coordinate) => slopes.every((slope) => slope[coordinate] === 0));
  }
  return slopes;
}

function pair(probe: Probe, { point }: SlopeQuestion, coordinate: number, step: number): Float64Array[] {
  const size = Math.max(step, probe.space.grain(coordinate));
  return [size, -size].map((change) => {
    const beside = point.slice();
    beside[coordinate] = (point[coordinate] ?? 0) + change;
    return beside;
  });
}

interface Filling {
  readonly slopes: readonly Float64Array[];
  readonly targets: readonly number[];
  readonly open: readonly number[];
  readonly scores: Float64Array;
}

function fill(probe: Probe, { slopes, targets, open, scores }: Filling): void {
  const { classes, threshold } = probe.model;
  const rule = marginRule(probe.scores ?? scores, classes, threshold);
  targets.forEach((target, index) => {
    open.forEach((coordinate, place) => {
      const between = { label: probe.label, target };
      const up = margin(rule, scores, 2 * place * classes, between);
      const difference = up - margin(rule, scores, (2 * place + 1) * classes, between);
      const slope = slopes[index];
      if (slope !== undefined) slope[coordinate] = Number.isFinite(difference) ? difference : 0;
    });
  });
}
