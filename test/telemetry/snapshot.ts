import {
  DURATION_BOUNDS,
  type Durations,
  EMPTY_SNAPSHOT,
  type MetricsSnapshot,
  type ModelMetrics,
} from '../../src/domain/index.ts';

export const AT = 1_795_000_000;

/** A governed model version, deployed and content. */
export function model(change: Partial<ModelMetrics> = {}): ModelMetrics {
  return {
    modelId: 'fraud-detection',
    modelVersion: '4.1.2',
    status: 'governed',
    serving: true,
    recordExists: true,
    governedHash: 1_234_567_890_123_456,
    deployedHash: 1_234_567_890_123_456,
    approvalTimestamp: AT - 3600,
    validUntil: AT + 89 * 86_400,
    requiredStages: 3,
    completedStages: 3,
    missingStages: [],
    ...change,
  };
}

export function snapshot(change: Partial<MetricsSnapshot> = {}): MetricsSnapshot {
  return { ...EMPTY_SNAPSHOT, at: AT, models: [model()], ...change };
}

/** Durations, each given in seconds. */
export function durations(...all: readonly number[]): Durations {
  const within = DURATION_BOUNDS.map((bound) => all.filter((one) => one <= bound).length);
  return { count: all.length, sum: all.reduce((sum, one) => sum + one, 0), within };
}
