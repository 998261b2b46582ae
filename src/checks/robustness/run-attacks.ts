import { attackRow } from './attack-row.ts';
import type { AttackFeature, Classifier, Prediction } from './classifier.ts';
import { classify, drive, part } from './drive.ts';
import { type Asking, Probe } from './probe.ts';
import type { AttackName, RobustnessResult, RowResult } from './result.ts';
import { AttackSpace } from './space.ts';
import { startsFor } from './starts.ts';
import { atEpsilon, flippedByEdits, radiusQuantiles } from './summary.ts';

/** How the attacks are run. */
export interface AttackOptions {
  /** Radii of perturbation (L∞, scaled units) at which robust accuracy is measured. */
  readonly epsilons: readonly number[];
  readonly attacks: readonly AttackName[];
  /** Same seed and same inputs, same result: any text, by custom a SHA-256 in hex. */
  readonly seed: string;
  /** Most rows that the model is asked about for each row, the row itself and all attacks together. */
  readonly budget: number;
  /** Random draws of each kind of noise per row and epsilon. */
  readonly draws?: number;
  /** Categories that may be changed at once; 0 for none. */
  readonly mostEdits?: number;
  /** Confidence of the one-sided bounds. */
  readonly confidence?: number;
}

/**
 * Attacks each row that the model classifies correctly, and counts how many stand. A row that no attack flipped is
 * not proven robust: the result bounds robustness from above.
 *
 * @param rows row-major, one column per feature.
 * @param labels the right class of each row.
 * @throws RangeError for rows, labels, features or options that do not fit together.
 */
export async function runAttacks(
  classifier: Classifier,
  rows: Float64Array,
  labels: Int32Array,
  features: readonly AttackFeature[],
  options: AttackOptions,
): Promise<RobustnessResult> {
  const space = new AttackSpace(features);
  mustFit(space, rows, labels, options);
  const answer = await classify(classifier, rows.slice(), labels.length);
  const clean = { labels: answer.labels.slice(), scores: answer.scores?.slice() ?? null };
  const target = { classifier, space, rows, labels, clean };
  const probes = new Map(correctRows(target).map((row) => [row, probeOf(target, row)]));
  await drive(classifier, space.width, tasks(target, probes, options));
  return summarise(
    [...labels.keys()].map((row) => rowResult(row, probes.get(row))),
    options,
  );
}

interface Target {
  readonly classifier: Classifier;
  readonly space: AttackSpace;
  readonly rows: Float64Array;
  readonly labels: Int32Array;
  readonly clean: Prediction;
}

function correctRows({ labels, clean }: Target): number[] {
  return [...labels.keys()].filter((row) => clean.labels[row] === labels[row] && labels[row] !== -1);
}

function probeOf({ classifier, space, rows, labels, clean }: Target, row: number): Probe {
  const origin = rows.slice(row * space.width, (row + 1) * space.width);
  const scores = part(clean, classifier.classes, row, row + 1).scores?.slice() ?? null;
  return new Probe({ space, model: classifier, origin, label: labels[row] ?? -1, scores });
}

function* tasks(
  target: Target,
  probes: ReadonlyMap<number, Probe>,
  options: AttackOptions,
): Generator<Asking<void>> {
  const { seed, attacks, budget, draws = 50, mostEdits = 0 } = options;
  const epsilons = [...new Set(options.epsilons)].sort((a, b) => a - b);
  const starts = startsFor(target.space, { rows: target.rows, labels: target.clean.labels }, seed);
  for (const [row, probe] of probes) {
    const plan = { row, seed, attacks, epsilons, budget, draws, mostEdits };
    yield attackRow(probe, { ...plan, starts: attacks.includes('hop_skip_jump') ? starts(row) : [] });
  }
}

function rowResult(row: number, probe: Probe | undefined): RowResult {
  if (probe === undefined) return { row, correct: false, linf: null, l2: null, edits: null, queries: 1 };
  const { linf, l2, edits, queries } = probe;
  return { row, correct: true, linf, l2, edits, queries };
}

function summarise(perRow: readonly RowResult[], options: AttackOptions): RobustnessResult {
  const { confidence = 0.95, mostEdits = 0, attacks } = options;
  const correct = perRow.filter((row) => row.correct).length;
  return {
    rows: perRow.length,
    correct,
    cleanAccuracy: perRow.length === 0 ? null : correct / perRow.length,
    atEpsilon: options.epsilons.map((epsilon) => atEpsilon(perRow, epsilon, confidence)),
    linf: radiusQuantiles(perRow, 'linf'),
    l2: radiusQuantiles(perRow, 'l2'),
    flippedByEdits: attacks.includes('categorical_edits') ? flippedByEdits(perRow, mostEdits) : [],
    queries: perRow.reduce((sum, row) => sum + row.queries, 0),
    perRow,
  };
}

function mustFit(space: AttackSpace, rows: Float64Array, labels: Int32Array, options: AttackOptions): void {
  if (rows.length !== labels.length * space.width) {
    throw new RangeError(`${rows.length} values are not ${labels.length} rows of ${space.width} features`);
  }
  if (options.epsilons.some((epsilon) => !(epsilon >= 0)))
    throw new RangeError('epsilons must not be negative');
  if (!(options.budget >= 1))
    throw new RangeError(`the budget must be at least 1 query, it is ${options.budget}`);
}
