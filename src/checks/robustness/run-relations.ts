import { batchSize, rowOrder } from './batching.ts';
import type { AttackFeature, Classifier } from './classifier.ts';
import { classify } from './drive.ts';
import { irrelevant, monotone, swap } from './feature-relations.ts';
import type { RelationResult, Relations } from './relations.ts';

/** How the relations are tested. */
export interface RelationOptions {
  readonly relations: Relations;
  readonly seed: string;
  /** How much a score may change where it must not: 1e-5 by default, what 32-bit sums in another order come to. */
  readonly tolerance?: number;
}

/**
 * Metamorphic tests: relations that must hold between answers, whatever the right answers are (Chen et al. 1998).
 * Row order and batch size are always tested, the others as declared. What counts of a `swap` is `labelsChanged`
 * (its scores may well move); of all others it is `violations`.
 *
 * @throws RangeError for a relation about a feature that there is not.
 */
export async function runRelations(
  classifier: Classifier,
  rows: Float64Array,
  features: readonly AttackFeature[],
  { relations, seed, tolerance = 1e-5 }: RelationOptions,
): Promise<RelationResult[]> {
  const count = features.length === 0 ? 0 : rows.length / features.length;
  const answer = await classify(classifier, rows.slice(), count);
  const clean = { labels: answer.labels.slice(), scores: answer.scores?.slice() ?? null };
  const reference = { classifier, features, rows, count, clean, seed, tolerance };
  const results = [await rowOrder(reference), await batchSize(reference)];
  for (const name of relations.irrelevant) results.push(await irrelevant(reference, name));
  for (const declared of relations.monotone) results.push(await monotone(reference, declared));
  for (const name of relations.swapped) results.push(await swap(reference, name));
  return results;
}
