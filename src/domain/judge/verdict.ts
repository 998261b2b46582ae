import type { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import type { PersonId, Role } from '../person.ts';
import type { RiskTier } from '../risk-tier.ts';
import type { StatementId } from '../statement/index.ts';

/** What an artifact's governance amounts to in an environment. */
export const GOVERNANCE_STATUSES = [
  'governed',
  'pending',
  'failed',
  'rejected',
  'expired',
  'overridden',
  'revoked',
  'ungoverned',
] as const;
export type GovernanceStatus = (typeof GOVERNANCE_STATUSES)[number];

/** Why a verdict is what it is. */
export const REASON_CODES = [
  'trust_policy_expired',
  'view_missing',
  'view_stale',
  'view_unwitnessed',
  'ledger_doubted',
  'statement_missing',
  'signature_invalid',
  'not_in_ledger',
  'statement_disputed',
  'unauthorised_signer',
  'key_revoked',
  'artifact_revoked',
  'statement_revoked',
  'no_record',
  'pipeline_not_trusted',
  'run_in_progress',
  'stage_not_passed',
  'tier_prohibited',
  'record_inconsistent',
  'record_expired',
  'submitter_unmapped',
  'approval_missing',
  'approval_lapsed',
  'approval_rejected',
  'approval_expired',
  'decision_not_counted',
  'renewal_not_counted',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** One reason, with what would resolve it. */
export interface Reason {
  readonly code: ReasonCode;
  /** A sentence for people, without a full stop. */
  readonly message: string;
  /** The command or act that would resolve it. */
  readonly resolve: string;
  readonly statement?: StatementId;
}

/** An approval that counted. */
export interface CountedApproval {
  readonly person: PersonId;
  /** In whose place; null where for themselves. */
  readonly onBehalfOf: PersonId | null;
  readonly role: Role;
  readonly statement: StatementId;
  readonly decidedAt: Instant;
}

/** A renewal that counted. */
export interface AppliedRenewal {
  readonly statement: StatementId;
  /** Which one of the record it is, from 1. */
  readonly number: number;
  readonly renewedAt: Instant;
  readonly until: Instant;
}

/** The run on which a verdict rests. */
export interface VerdictBasis {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly runId: string;
  readonly pipeline: Digest;
  readonly riskTier: RiskTier | null;
  readonly record: StatementId | null;
  readonly request: StatementId | null;
  readonly requiredStages: readonly string[];
  readonly completedStages: readonly string[];
  readonly approvals: readonly CountedApproval[];
  /** Roles still without a person. */
  readonly missingRoles: readonly Role[];
  /** When the governance lapses: the earliest end of record and counted approvals, as renewed. */
  readonly validUntil: Instant | null;
  /** The last renewal of the record without another run; null where there is none. */
  readonly renewal: AppliedRenewal | null;
}

/** An override that lets an artifact serve traffic though it is not governed. */
export interface AppliedOverride {
  readonly statement: StatementId;
  /** Who granted it. */
  readonly person: PersonId;
  readonly until: Instant;
}

/** The judge's word on an artifact in an environment. */
export interface Verdict {
  /** The digest of its bytes. */
  readonly artifact: Digest;
  /** The OCI manifest by whose digest the artifact was asked about; null where it was by that of its bytes. */
  readonly manifest: Digest | null;
  readonly environment: string;
  readonly status: GovernanceStatus;
  /** Whether the artifact may serve traffic there. */
  readonly allowed: boolean;
  /** Why it is not allowed; empty when it is. */
  readonly reasons: readonly Reason[];
  /** What was set aside on the way and does not decide. */
  readonly notes: readonly Reason[];
  readonly basis: VerdictBasis | null;
  /** The override by which it is `overridden`; null otherwise. */
  readonly override: AppliedOverride | null;
  /** Time of the ledger view: the verdict knows nothing later. */
  readonly asOf: Instant | null;
  readonly judgedAt: Instant;
}

/** Whether a status lets an artifact serve traffic. */
export function allows(status: GovernanceStatus): boolean {
  return status === 'governed' || status === 'overridden';
}
