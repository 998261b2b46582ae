import type { Durations, MetricsSnapshot } from '../domain/index.ts';

/** A distribution of durations in seconds, and how a snapshot fills it. */
export interface DurationFamily {
  readonly name: string;
  readonly help: string;
  readonly durations: (snapshot: MetricsSnapshot) => Durations;
}

/** Every distribution. Each value is counted from what is stored, so that it is there once for ever. */
export const DURATIONS: readonly DurationFamily[] = [
  {
    name: 'governance_approval_wait_seconds',
    help: 'Time from asking for approval until the quorum was reached or somebody rejected.',
    durations: ({ approvalWaits }) => approvalWaits,
  },
  {
    name: 'model_training_to_production_seconds',
    help: 'Time from the end of training to being first seen deployed and governed.',
    durations: ({ trainingToProduction }) => trainingToProduction,
  },
];
