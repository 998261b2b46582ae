import { Random } from './random.ts';
import { classifyIn, compare, type Reference } from './reference.ts';
import { type RelationResult, RelationTally } from './relations.ts';

/** Rows that are asked about one at a time; the rest go in batches of 7, a size that divides nothing else here. */
const SINGLE = 64;
const ODD = 7;

/** The order of rows in a batch must not matter. */
export async function rowOrder(reference: Reference): Promise<RelationResult> {
  const { classifier, features, rows, count, clean, seed, tolerance } = reference;
  const width = features.length;
  const order = new Random(seed, 'row_order').order(count);
  const mixed = new Float64Array(rows.length);
  order.forEach((from, to) => {
    mixed.set(rows.subarray(from * width, (from + 1) * width), to * width);
  });
  const answer = await classifyIn(reference, mixed, Math.max(1, count));
  const tally = new RelationTally('row_order');
  order.forEach((from, to) => {
    tally.add(from, compare(classifier.classes, [clean, from], [answer, to]), tolerance);
  });
  return tally.result();
}

/** The number of rows in a batch must not matter: normalisation across a batch lets one customer's row change another's. */
export async function batchSize(reference: Reference): Promise<RelationResult> {
  const { classifier, features, rows, count, clean, tolerance } = reference;
  const split = Math.min(SINGLE, count) * features.length;
  const parts = [
    await classifyIn(reference, rows.slice(0, split), 1),
    await classifyIn(reference, rows.slice(split), ODD),
  ];
  const tally = new RelationTally('batch_size');
  let row = 0;
  for (const answer of parts) {
    for (let index = 0; index < answer.labels.length; index++, row++) {
      tally.add(row, compare(classifier.classes, [clean, row], [answer, index]), tolerance);
    }
  }
  return tally.result();
}
