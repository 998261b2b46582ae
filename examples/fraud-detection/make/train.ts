import type { LabelledTransaction } from './data.ts';
import { FEATURES } from './features.ts';

/** A logistic regression on raw features: probability of fraud = sigmoid(bias + weights · features). */
export interface LogisticModel {
  readonly weights: readonly number[];
  readonly bias: number;
}

const STEPS = 300;
const RATE = 1;
/** Weights are kept to this many decimals, so that last-bit differences between processors leave no trace in the file. */
const DECIMALS = 4;

/** Fits by gradient descent on the mean log loss of standardised features, and folds the scaling into the weights. */
export function train(rows: readonly LabelledTransaction[]): LogisticModel {
  const scales = FEATURES.map((_, column) => scaleOf(rows.map((row) => row.features[column] ?? 0)));
  const inputs = rows.map((row) =>
    scales.map((scale, column) => ((row.features[column] ?? 0) - scale.mean) / scale.deviation),
  );
  const targets = rows.map((row) => (row.labelledFraud ? 1 : 0));
  let weights = scales.map(() => 0);
  let bias = 0;
  for (let step = 0; step < STEPS; step++) {
    const slope = gradient(inputs, targets, weights, bias);
    weights = weights.map((weight, column) => weight - RATE * (slope.weights[column] ?? 0));
    bias -= RATE * slope.bias;
  }
  const folded = weights.map((weight, column) => weight / (scales[column]?.deviation ?? 1));
  const offset = folded.reduce((sum, weight, column) => sum + weight * (scales[column]?.mean ?? 0), 0);
  return { weights: folded.map(rounded), bias: rounded(bias - offset) };
}

function scaleOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

function gradient(
  inputs: readonly (readonly number[])[],
  targets: readonly number[],
  weights: readonly number[],
  bias: number,
): LogisticModel {
  const slope = new Float64Array(weights.length);
  let slopeOfBias = 0;
  inputs.forEach((input, row) => {
    const logit = input.reduce((sum, value, column) => sum + value * (weights[column] ?? 0), bias);
    const error = 1 / (1 + Math.exp(-logit)) - (targets[row] ?? 0);
    input.forEach((value, column) => {
      slope[column] = (slope[column] ?? 0) + error * value;
    });
    slopeOfBias += error;
  });
  return { weights: Array.from(slope, (sum) => sum / inputs.length), bias: slopeOfBias / inputs.length };
}

function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}
