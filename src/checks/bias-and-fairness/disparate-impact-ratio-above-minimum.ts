import { z } from 'zod';
import { defineCheck } from '../contract.ts';
import { assessFairness } from '../fairness/assess.ts';
import { FAIRNESS_EVIDENCE } from '../fairness/evidence.ts';
import { foldedRatioMeasure, signedRatioMeasure } from '../fairness/measure.ts';
import { fairnessParameters } from '../fairness/parameters.ts';

const PARAMETERS = z.strictObject({
  ...fairnessParameters,
  min_ratio: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe(
      'smallest ratio of rates; 0.8 is the four-fifths rule of 29 CFR 1607.4(D), here a policy threshold and no legal conclusion',
    ),
  max_ratio: z
    .number()
    .min(1)
    .optional()
    .describe(
      'largest ratio to a named reference, such as 1.25; without a named reference ratios never exceed 1',
    ),
});

/** The rate of each group is at least the minimum share of that of the reference. */
export const disparateImpactRatioAboveMinimum = defineCheck({
  name: 'disparate_impact_ratio_above_minimum',
  stage: 'bias_and_fairness',
  version: '2.0.0',
  proves:
    'On the submitted predictions, each group of each protected attribute and intersection gets the positive outcome at a rate of at least the minimum share of the highest rate, or of that of the named reference group.',
  doesNotProve:
    'That there is no adverse impact in law, that errors fall alike, or that the rows are those of production.',
  evidence: FAIRNESS_EVIDENCE,
  parameters: PARAMETERS,
  run: (input) => {
    const { min_group_size, min_ratio, max_ratio = Number.POSITIVE_INFINITY } = input.parameters;
    return assessFairness(
      input,
      {
        title: 'disparate impact',
        rates: ['selection'],
        minimums: { selection: min_group_size },
        measure: (named) =>
          named ? signedRatioMeasure(min_ratio, max_ratio) : foldedRatioMeasure(min_ratio),
        measurement: () => 'disparate_impact_ratio',
      },
      false,
    );
  },
});
