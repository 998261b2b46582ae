import type { Transaction } from './data.ts';
import { FEATURES } from './features.ts';
import { DECLINE_FROM } from './predictions.ts';
import type { Random } from './random.ts';
import { scoreWith } from './score.ts';
import type { LogisticModel } from './train.ts';

/** Largest change of an input in the robustness tests, as a share of the input's range. */
export const SHIFT = 0.01;

/** Shares of the held-out decisions that small changes of the inputs turn over. */
export interface Robustness {
  /** Every input moved at random by up to SHIFT of its range. */
  readonly turnedByNoise: number;
  /** Every input moved by SHIFT of its range in the direction that lowers the score: the most that evasion can do. */
  readonly fraudsLetThrough: number;
}

/** Scores the held-out transactions again with their inputs moved, through the ONNX file itself. */
export async function testRobustness(
  modelFile: string,
  model: LogisticModel,
  transactions: readonly Transaction[],
  random: Random,
): Promise<Robustness> {
  const noisy = moved(transactions, () => 2 * random.uniform() - 1);
  const evasive = moved(transactions, (column) => -Math.sign(model.weights[column] ?? 0));
  const before = await decisions(modelFile, transactions);
  const afterNoise = await decisions(modelFile, noisy);
  const afterEvasion = await decisions(modelFile, evasive);
  const caught = transactions.map((transaction, row) => transaction.fraud && before[row] === true);
  return {
    turnedByNoise: share(before.map((declined, row) => declined !== afterNoise[row])),
    fraudsLetThrough: share(afterEvasion.filter((_, row) => caught[row]).map((declined) => !declined)),
  };
}

function moved(transactions: readonly Transaction[], direction: (column: number) => number): Transaction[] {
  const steps = FEATURES.map((feature) => SHIFT * (feature.max - feature.min));
  return transactions.map((transaction) => ({
    ...transaction,
    features: transaction.features.map((value, column) => value + direction(column) * (steps[column] ?? 0)),
  }));
}

async function decisions(modelFile: string, transactions: readonly Transaction[]): Promise<boolean[]> {
  const scores = await scoreWith(modelFile, transactions);
  return scores.map((score) => score >= DECLINE_FROM);
}

function share(flags: readonly boolean[]): number {
  return flags.filter(Boolean).length / flags.length;
}
