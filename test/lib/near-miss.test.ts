import { expect, it } from 'vitest';
import { nearMisses } from '../../src/lib/index.ts';

const NAMES = ['fraud-detection-v4', 'fraud-scoring', 'churn', 'credit-risk'];

it.each([
  ['fraud-detection-v5', ['fraud-detection-v4']],
  ['Fraud_Detection_V4', ['fraud-detection-v4']],
  ['fraud-detecton', ['fraud-detection-v4']],
  ['fruad-scoring', ['fraud-scoring']],
  ['chrun', ['churn']],
  ['fraud', ['fraud-scoring', 'fraud-detection-v4']],
  ['credit', ['credit-risk']],
  ['x', []],
  ['', []],
  ['something-else-entirely', []],
  ['a'.repeat(100_000), []],
])('finds what was meant by "%s"', (written, expected) => {
  expect(nearMisses(written, NAMES)).toEqual(expected);
});
