import type { Measurement } from '../../domain/index.ts';
import type { Answer } from './session.ts';

/** The least and the greatest finite number that each output gave. */
export type Ranges = Map<string, { least: number; greatest: number }>;

/** Takes an answer into account. Values that are no finite numbers are told as problems, not here. */
export function widen(ranges: Ranges, answer: Answer): void {
  for (const [name, { values }] of answer) {
    const known = ranges.get(name) ?? { least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY };
    for (const value of values) {
      if (typeof value !== 'number' || !Number.isFinite(value)) continue;
      known.least = Math.min(known.least, value);
      known.greatest = Math.max(known.greatest, value);
    }
    ranges.set(name, known);
  }
}

/** The ranges as measurements, in the order of the outputs. */
export function observed(all: readonly Ranges[]): Measurement[] {
  const names = [...new Set(all.flatMap((ranges) => [...ranges.keys()]))];
  return names.flatMap((name) => {
    const found = all.flatMap((ranges) => ranges.get(name) ?? []);
    const least = Math.min(...found.map((range) => range.least));
    const greatest = Math.max(...found.map((range) => range.greatest));
    if (!Number.isFinite(least)) return [];
    return [
      { name: `least[${name}]`, value: least, unit: '1' },
      { name: `greatest[${name}]`, value: greatest, unit: '1' },
    ];
  });
}
