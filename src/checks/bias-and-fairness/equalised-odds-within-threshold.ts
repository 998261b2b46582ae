import { z } from 'zod';
import { defineCheck } from '../contract.ts';
import { assessFairness } from '../fairness/assess.ts';
import { FAIRNESS_EVIDENCE } from '../fairness/evidence.ts';
import { differenceMeasure } from '../fairness/measure.ts';
import { fairnessParameters } from '../fairness/parameters.ts';
import { labelParameters } from '../predictions/parameters.ts';

const PARAMETERS = z.strictObject({
  ...fairnessParameters,
  ...labelParameters,
  max_difference: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe(
      'largest difference of true or of false positive rates between two groups; a convention, not law',
    ),
  min_group_positives: z
    .int()
    .min(1)
    .default(10)
    .describe('positives below which a true positive rate is not assessed'),
  min_group_negatives: z
    .int()
    .min(1)
    .default(10)
    .describe('negatives below which a false positive rate is not assessed'),
});

/** Groups have true and false positive rates that differ by no more than the threshold; the worse of both counts. */
export const equalisedOddsWithinThreshold = defineCheck({
  name: 'equalised_odds_within_threshold',
  stage: 'bias_and_fairness',
  version: '2.0.0',
  proves:
    'On the submitted predictions, both the true positive and the false positive rates of the groups of each protected attribute and intersection differ by at most the threshold.',
  doesNotProve:
    'That the true outcomes are themselves free of bias, or that the rows are those of production.',
  evidence: FAIRNESS_EVIDENCE,
  parameters: PARAMETERS,
  run: (input) =>
    assessFairness(
      input,
      {
        title: 'equalised odds',
        rates: ['true_positive', 'false_positive'],
        minimums: {
          true_positive: input.parameters.min_group_positives,
          false_positive: input.parameters.min_group_negatives,
        },
        measure: () => differenceMeasure(input.parameters.max_difference),
        measurement: (rate) => `${rate}_rate_difference`,
      },
      true,
    ),
});
