import { z } from 'zod';
import {
  Digest,
  GOVERNANCE_STATUSES,
  ModelId,
  ModelVersion,
  OUTCOMES,
  PersonId,
  REASON_CODES,
  RISK_TIERS,
} from '../../domain/index.ts';

// What the command line reads of the API's answers. Members that it does not read may come and go.

const ReasonAnswer = z.looseObject({
  code: z.enum(REASON_CODES),
  message: z.string(),
  resolve: z.string(),
});
const Reasons = z.array(ReasonAnswer);

const BasisAnswer = z.looseObject({
  runId: z.string(),
  riskTier: z.enum(RISK_TIERS).nullable(),
  requiredStages: z.array(z.string()),
  completedStages: z.array(z.string()),
  approvals: z.array(z.looseObject({ person: PersonId, role: z.string(), decidedAt: z.string() })),
  missingRoles: z.array(z.string()),
  validUntil: z.string().nullable(),
  renewal: z.looseObject({ number: z.int(), renewedAt: z.string() }).nullable(),
});

/** A verdict. */
const VerdictAnswer = z.looseObject({
  artifact: Digest,
  environment: z.string(),
  status: z.enum(GOVERNANCE_STATUSES),
  allowed: z.boolean(),
  reasons: Reasons,
  notes: Reasons,
  basis: BasisAnswer.nullable(),
  asOf: z.string().nullable(),
  judgedAt: z.string(),
});

/** The gate's word. */
export const GateAnswer = z.looseObject({
  allowed: z.boolean(),
  status: z.enum(GOVERNANCE_STATUSES),
  artifact: Digest,
  manifest: Digest.nullable().default(null),
  environment: z.string(),
  reasons: Reasons,
  validUntil: z.string().nullable(),
  asOf: z.string().nullable(),
});
export type GateAnswer = z.infer<typeof GateAnswer>;

/** An artifact that is fetched by URI. */
export const FetchAnswer = z.looseObject({
  id: z.string(),
  state: z.enum(['queued', 'running', 'fetched', 'failed']),
  bytes: z.number(),
  total: z.number().nullable(),
  artifact: z.looseObject({ digest: Digest }).nullable(),
  failure: z.looseObject({ message: z.string() }).nullable(),
});
export type FetchAnswer = z.infer<typeof FetchAnswer>;

/** A run. */
const RunAnswer = z.looseObject({
  id: z.string(),
  modelId: ModelId,
  modelVersion: ModelVersion,
  artifact: Digest,
  evidence: z.array(z.looseObject({ name: z.string(), digest: Digest })),
  attempt: z.int(),
  state: z.enum(['queued', 'running', 'awaiting_approval', 'completed', 'failed']),
  riskTier: z.enum(RISK_TIERS).nullable(),
  failure: z.string().nullable(),
  submitter: z.looseObject({ subject: z.string(), person: z.string().nullable() }),
  submittedAt: z.string(),
  finishedAt: z.string().nullable(),
});
export const RunListAnswer = z.looseObject({ runs: z.array(RunAnswer), next: z.string().nullable() });
export type RunListAnswer = z.infer<typeof RunListAnswer>;
export const SubmissionAnswer = z.looseObject({ run: RunAnswer, created: z.boolean() });

const CheckAnswer = z.looseObject({
  check: z.string(),
  outcome: z.enum(OUTCOMES),
  message: z.string(),
  problems: z.array(z.looseObject({ where: z.string(), message: z.string(), remedy: z.string().optional() })),
});
const StageAnswer = z.looseObject({
  name: z.string(),
  state: z.enum([...OUTCOMES, 'not_evaluated', 'running']),
  results: z.array(CheckAnswer),
});
export type StageAnswer = z.infer<typeof StageAnswer>;

const ApprovalAnswer = z.looseObject({
  state: z.enum(['pending', 'approved', 'rejected', 'lapsed', 'superseded', 'withdrawn']),
  roles: z.array(z.string()),
  missingRoles: z.array(z.string()),
  dueAt: z.string(),
  expiresAt: z.string(),
  decisions: z.array(
    z.looseObject({
      person: z.string(),
      roles: z.array(z.string()),
      decision: z.enum(['approved', 'rejected']),
      reason: z.string().nullable(),
      decidedAt: z.string(),
    }),
  ),
});
export type ApprovalAnswer = z.infer<typeof ApprovalAnswer>;

/** A run with everything about it. */
export const RunDescription = z.looseObject({
  run: RunAnswer,
  stages: z.array(StageAnswer),
  approval: ApprovalAnswer.nullable(),
  verdict: VerdictAnswer,
});
export type RunDescription = z.infer<typeof RunDescription>;

const DeploymentAnswer = z.looseObject({
  key: z.string(),
  modelVersion: z.string(),
  digest: Digest.nullable(),
  confidence: z.string(),
  status: z.enum(GOVERNANCE_STATUSES),
  observedAt: z.string(),
  /** Null while it is seen; servers of older releases do not say. */
  staleSince: z.string().nullish(),
});
const FindingAnswer = z.looseObject({
  kind: z.string(),
  severity: z.string(),
  modelVersion: z.string(),
  summary: z.string(),
  remedy: z.string(),
  firedAt: z.string(),
});

/** How a model stands. */
export const ModelAnswer = z.looseObject({
  modelId: ModelId,
  versions: z.array(
    z.looseObject({
      modelVersion: ModelVersion,
      artifact: Digest,
      latestRun: RunAnswer,
      verdict: VerdictAnswer,
    }),
  ),
  deployments: z.array(DeploymentAnswer),
  findings: z.array(FindingAnswer),
});
export type ModelAnswer = z.infer<typeof ModelAnswer>;

/** How a model stood at a time. */
export const StatusAtAnswer = z.looseObject({
  at: z.string(),
  knownSince: z.string().nullable(),
  deployments: z.array(
    z.looseObject({
      key: z.string(),
      modelVersion: ModelVersion,
      digest: Digest.nullable(),
      confidence: z.string(),
      validFrom: z.string(),
      validTo: z.string().nullable(),
      verdict: VerdictAnswer.nullable(),
    }),
  ),
});
export type StatusAtAnswer = z.infer<typeof StatusAtAnswer>;

/** What is run again because a check was wrong. */
export const RerunAnswer = z.looseObject({
  check: z.string(),
  version: z.string(),
  since: z.string(),
  dryRun: z.boolean(),
  queued: z.array(
    z.looseObject({
      modelId: ModelId,
      modelVersion: ModelVersion,
      runId: z.string().nullable(),
      ofRun: z.string(),
    }),
  ),
  skipped: z.array(
    z.looseObject({
      modelId: ModelId,
      modelVersion: ModelVersion,
      ofRun: z.string(),
      reason: z.string(),
    }),
  ),
});
export type RerunAnswer = z.infer<typeof RerunAnswer>;

/** A problem (RFC 9457). */
export const ProblemAnswer = z.looseObject({
  code: z.string(),
  detail: z.string(),
  instance: z.string(),
  problems: z.array(z.looseObject({ where: z.string(), message: z.string(), fix: z.string().optional() })),
});
