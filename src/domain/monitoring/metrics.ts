import { MINUTE, SECOND } from '../../lib/index.ts';
import { type Digest, hexOf } from '../digest.ts';
import type { GovernanceStatus } from '../judge/index.ts';
import type { QueueName } from '../ports.ts';
import type { Confidence } from './deployment.ts';
import type { FindingKind, Severity } from './finding.ts';

/** The first 52 bits of a digest as an integer, which Prometheus carries exactly. A convenience: full digests decide. */
export function hashNumber(digest: Digest): number {
  return Number.parseInt(hexOf(digest).slice(0, 13), 16);
}

/** One model version's series. Times are Unix seconds; null leaves the series out. */
export interface ModelMetrics {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly status: GovernanceStatus;
  readonly serving: boolean;
  readonly recordExists: boolean;
  readonly governedHash: number | null;
  readonly deployedHash: number | null;
  readonly approvalTimestamp: number | null;
  /** When the governance lapses, as the judge counts; null where there is none. */
  readonly validUntil: number | null;
  readonly requiredStages: number;
  readonly completedStages: number;
  /** Names of the required stages of checks that did not pass. */
  readonly missingStages: readonly string[];
}

/** One deployment's series. */
export interface DeploymentMetrics {
  /** Its key: source, environment and name. */
  readonly deployment: string;
  readonly environment: string;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly status: GovernanceStatus;
  readonly confidence: Confidence;
  /** Of what it serves, or of the wrong bytes that it served last; null where nobody knows. */
  readonly digest: Digest | null;
}

/** An artifact that was governed under a name in an environment where it is deployed. */
export interface GovernedArtifact {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly environment: string;
  readonly digest: Digest;
}

/**
 * Lengths, in seconds, at which durations are told apart: from a quarter of an hour to the ninety days for which governance
 * is good; four hours are the spec's target.
 */
export const DURATION_BOUNDS: readonly number[] = [
  15, 30, 60, 120, 180, 240, 480, 720, 1440, 2880, 10_080, 20_160, 43_200, 129_600,
].map((minutes) => (minutes * MINUTE) / SECOND);

/** How long something took, each time that it was done. */
export interface Durations {
  readonly count: number;
  /** Of all of them together, in seconds. */
  readonly sum: number;
  /** How many took no longer than each of `DURATION_BOUNDS`. */
  readonly within: readonly number[];
}

const NO_DURATIONS: Durations = { count: 0, sum: 0, within: DURATION_BOUNDS.map(() => 0) };

/** Everything that the exporter shows, computed at one instant. */
export interface MetricsSnapshot {
  readonly at: number;
  readonly models: readonly ModelMetrics[];
  readonly deployments: readonly DeploymentMetrics[];
  readonly governed: readonly GovernedArtifact[];
  readonly findings: readonly {
    readonly kind: FindingKind;
    readonly severity: Severity;
    readonly modelId: string;
    readonly modelVersion: string;
    readonly environment: string;
    /** How many of them fire. */
    readonly count: number;
  }[];
  readonly approvals: readonly {
    readonly modelId: string;
    readonly modelVersion: string;
    readonly status: string;
    /** When people were asked. */
    readonly askedAt: number;
  }[];
  /** From the asking to the last answer, of each request that was decided. */
  readonly approvalWaits: Durations;
  readonly runs: { readonly total: number; readonly passed: number };
  readonly checkFailures: readonly { readonly stage: string; readonly count: number }[];
  /** Whether the newest audit of each check in use found it right; a check that was never audited is not there. */
  readonly checks: readonly { readonly name: string; readonly reliable: boolean }[];
  /** How each receiver of alerts fares, by name. */
  readonly receivers: readonly {
    readonly name: string;
    readonly failing: boolean;
    readonly waiting: number;
  }[];
  /** How each inventory source fares. */
  readonly sources: readonly {
    readonly name: string;
    /** When everything there was seen last; null for never. */
    readonly seenAt: number | null;
    /** How many seconds ago that may be, as its settings have it. */
    readonly mostAge: number;
    readonly stale: boolean;
    readonly deployments: number;
  }[];
  /** Jobs that are not done, of every queue. */
  readonly queues: readonly {
    readonly name: QueueName;
    readonly waiting: number;
    /** When the oldest of them was caused; null where none waits. */
    readonly oldestAt: number | null;
  }[];
  /** From `trainedAt` to first seen in production, of each model version that was ever governed there. */
  readonly trainingToProduction: Durations;
}

/** A snapshot of nothing at all. */
export const EMPTY_SNAPSHOT: MetricsSnapshot = {
  at: 0,
  models: [],
  deployments: [],
  governed: [],
  findings: [],
  approvals: [],
  approvalWaits: NO_DURATIONS,
  runs: { total: 0, passed: 0 },
  checkFailures: [],
  checks: [],
  receivers: [],
  sources: [],
  queues: [],
  trainingToProduction: NO_DURATIONS,
};
