import type { MetricsSnapshot } from '../domain/index.ts';
import { MINUTE, SECOND } from '../lib/index.ts';

/** A distribution of durations in seconds, and how a snapshot fills it. */
export interface DurationFamily {
  readonly name: string;
  readonly help: string;
  /** Upper bounds in seconds. */
  readonly buckets: readonly number[];
  readonly values: (snapshot: MetricsSnapshot) => readonly number[];
}

/** From a quarter of an hour to the ninety days for which governance is good; four hours are the spec's target. */
const BUCKETS = [15, 30, 60, 120, 180, 240, 480, 720, 1440, 2880, 10_080, 20_160, 43_200, 129_600].map(
  (minutes) => (minutes * MINUTE) / SECOND,
);

/** Every distribution. Each value is counted from what is stored, so that it is there once for ever. */
export const DURATIONS: readonly DurationFamily[] = [
  {
    name: 'governance_approval_wait_seconds',
    help: 'Time from asking for approval until the quorum was reached or somebody rejected.',
    buckets: BUCKETS,
    values: ({ approvalWaits }) => approvalWaits,
  },
  {
    name: 'model_training_to_production_seconds',
    help: 'Time from the end of training to being first seen deployed and governed.',
    buckets: BUCKETS,
    values: ({ trainingToProduction }) => trainingToProduction,
  },
];
