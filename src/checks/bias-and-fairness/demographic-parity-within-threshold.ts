import { z } from 'zod';
import { defineCheck } from '../contract.ts';
import { assessFairness } from '../fairness/assess.ts';
import { FAIRNESS_EVIDENCE } from '../fairness/evidence.ts';
import { differenceMeasure } from '../fairness/measure.ts';
import { fairnessParameters } from '../fairness/parameters.ts';

const PARAMETERS = z.strictObject({
  ...fairnessParameters,
  max_difference: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('largest difference of rates between two groups; a convention, not law'),
});

/** Groups get the positive outcome at rates that differ by no more than the threshold. */
export const demographicParityWithinThreshold = defineCheck({
  name: 'demographic_parity_within_threshold',
  stage: 'bias_and_fairness',
  version: '2.0.0',
  proves:
    'On the submitted predictions, the rates at which the groups of each protected attribute and intersection get the positive outcome differ by at most the threshold.',
  doesNotProve:
    'That the groups deserve the same rate, that errors fall on them alike, or that the rows are those of production.',
  evidence: FAIRNESS_EVIDENCE,
  parameters: PARAMETERS,
  run: (input) =>
    assessFairness(
      input,
      {
        title: 'demographic parity',
        rates: ['selection'],
        minimums: { selection: input.parameters.min_group_size },
        measure: () => differenceMeasure(input.parameters.max_difference),
        measurement: () => 'demographic_parity_difference',
      },
      false,
    ),
});
