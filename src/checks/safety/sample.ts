import { createHash } from 'node:crypto';
import type { Reference } from './reference.ts';

/** Rows of every class in the shares that they have, at least one of each; the same seed gives the same rows. */
export function stratifiedSample(reference: Reference, wanted: number, seed: string): Reference {
  if (wanted >= reference.count) return reference;
  const chosen = [...rowsByClass(reference).values()]
    .flatMap((rows) =>
      shuffled(rows, seed).slice(0, Math.max(1, Math.round((rows.length * wanted) / reference.count))),
    )
    .sort((a, b) => a - b);
  const width = reference.values.length / reference.count;
  const values = new Float64Array(chosen.length * width);
  chosen.forEach((row, index) => {
    values.set(reference.values.subarray(row * width, (row + 1) * width), index * width);
  });
  return {
    count: chosen.length,
    values,
    truth: Int32Array.from(chosen, (row) => reference.truth[row] ?? -1),
    total: reference.total,
  };
}

function rowsByClass({ truth }: Reference): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (const [row, label] of truth.entries()) rows.set(label, [...(rows.get(label) ?? []), row]);
  return rows;
}

/** In the order of a keyed hash of their indices. */
function shuffled(rows: readonly number[], seed: string): number[] {
  const key = (row: number) => createHash('sha256').update(`${seed}/${row}`).digest('hex');
  return rows
    .map((row) => [key(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
}
