import { z } from 'zod';
import { Artifact } from '../artifact/index.ts';
import { CiUrl } from '../ci-url.ts';
import { Confirmation } from '../confirmation.ts';
import { type Digest, Digest as DigestSchema, digestOfJson } from '../digest.ts';
import { Instant } from '../instant.ts';
import { ModelId, ModelVersion } from '../model-version.ts';
import { CheckProblem, Measurement, Outcome } from '../outcome.ts';
import { PersonId, Role } from '../person.ts';
import { RiskTier } from '../risk-tier.ts';
import { StatementId } from '../statement/index.ts';
import { SubmitterNote } from '../submitter-note.ts';
import { Changes } from './changes.ts';

const CheckSummary = z.strictObject({
  name: z.string(),
  outcome: Outcome,
  message: z.string(),
  measurements: z.array(Measurement),
  problems: z.array(CheckProblem),
});

/**
 * What a decider is shown, as data: canonical, without votes, countdown or anything else that changes while the
 * request is open. Its digest goes into the request and into every decision, so that what was signed is what was shown.
 */
export const ApprovalView = z.strictObject({
  modelId: ModelId,
  modelVersion: ModelVersion,
  artifact: Artifact,
  riskTier: RiskTier,
  record: StatementId,
  runId: z.string(),
  pipeline: DigestSchema,
  stages: z.array(z.strictObject({ name: z.string(), outcome: Outcome, checks: z.array(CheckSummary) })),
  roles: z.array(Role),
  /** People who may not decide: the submitter and the authors. */
  excluded: z.array(PersonId),
  submitter: z.string(),
  requestedAt: Instant,
  dueAt: Instant,
  expiresAt: Instant,
  /** Until when an approval given now is good, at the latest. */
  recordValidUntil: Instant,
  /** How an approval is confirmed; views of before it could be said have none, and mean `confirm`. */
  confirmation: Confirmation.optional(),
  /** False where answers by the API do not count; left out where they do. */
  apiDecisions: z.literal(false).optional(),
  // Views of before the following could be said have none.
  /** Since the last governed version of the model; null when this is the first. */
  changes: Changes.nullable().optional(),
  /** What the checks read, by name. */
  evidence: z.array(z.strictObject({ name: z.string(), digest: DigestSchema })).optional(),
  /** Environments in which an approval lets it serve traffic; `*` alone stands for every one. */
  environments: z.array(z.string()).min(1).optional(),
  /** Where the CI run can be seen that submitted it. */
  ciUrl: CiUrl.optional(),
  /** How often in a row what is decided is prolonged without asking anybody, while nothing changes; left out for never. */
  unaskedRenewals: z.int().min(1).optional(),
  /** What the submitter wants those who decide to know. */
  note: SubmitterNote.optional(),
});
export type ApprovalView = z.infer<typeof ApprovalView>;

/** The digest by which requests and decisions name a view. */
export function viewDigest(view: ApprovalView): Digest {
  return digestOfJson(view);
}
