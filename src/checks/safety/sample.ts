import { createHash } from 'node:crypto';
import type { Reference } from './reference.ts';

/**
 * Rows of every class in the shares that they have, at least one of each; the same seed gives the same rows. Rows that
 * are alike are taken once: attacked again they would tell nothing new, and count as if they did.
 */
export function stratifiedSample(reference: Reference, wanted: number, seed: string): Reference {
  const width = reference.values.length / Math.max(1, reference.count);
  const distinct = distinctRows(reference, width);
  if (distinct.length === reference.count && wanted >= reference.count) return reference;
  const chosen = [...byClass(distinct, reference).values()]
    .flatMap((rows) =>
      shuffled(rows, seed).slice(0, Math.max(1, Math.round((rows.length * wanted) / distinct.length))),
    )
    .sort((a, b) => a - b);
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

/** The first of each set of rows with the same values and class. */
function distinctRows({ count, values, truth }: Reference, width: number): number[] {
  const seen = new Set<string>();
  return Array.from({ length: count }, (_, row) => row).filter((row) => {
    const own = values.subarray(row * width, (row + 1) * width);
    const key = `${truth[row]} ${Buffer.from(own.buffer, own.byteOffset, own.byteLength).toString('base64')}`;
    return seen.size < seen.add(key).size;
  });
}

function byClass(rows: readonly number[], { truth }: Reference): Map<number, number[]> {
  const classes = new Map<number, number[]>();
  for (const row of rows) {
    const label = truth[row] ?? -1;
    const own = classes.get(label);
    if (own === undefined) classes.set(label, [row]);
    else own.push(row);
  }
  return classes;
}

/** In the order of a keyed hash of their indices. */
function shuffled(rows: readonly number[], seed: string): number[] {
  const key = (row: number) => createHash('sha256').update(`${seed}/${row}`).digest('hex');
  return rows
    .map((row) => [key(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
}
