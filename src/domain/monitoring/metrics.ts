import { type Digest, hexOf } from '../digest.ts';
import type { GovernanceStatus } from '../judge/index.ts';
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
  readonly requiredStages: number;
  readonly completedStages: number;
}

/** Everything that the exporter shows, computed at one instant. */
export interface MetricsSnapshot {
  readonly at: number;
  readonly models: readonly ModelMetrics[];
  readonly findings: readonly {
    readonly kind: FindingKind;
    readonly severity: Severity;
    readonly modelId: string;
    readonly modelVersion: string;
    readonly environment: string;
  }[];
  readonly approvals: readonly {
    readonly modelId: string;
    readonly modelVersion: string;
    readonly status: string;
  }[];
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
  /** Seconds from `trainedAt` to first seen in production, one per governed deployment. */
  readonly trainingToProduction: readonly number[];
}
