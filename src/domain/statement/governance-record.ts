import { z } from 'zod';
import { Artifact } from '../artifact.ts';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { ModelId, ModelVersion } from '../model-version.ts';
import { Principal } from '../person.ts';
import { RiskTier } from '../risk-tier.ts';
import { StatementId } from './statement-id.ts';

/** Digests of what a model was made from, as CI reported them; renewal compares them. */
export const Inputs = z.strictObject({
  code: Digest.optional(),
  data: Digest.optional(),
  config: Digest.optional(),
});
export type Inputs = z.infer<typeof Inputs>;

/** `governance-record/v1`: the summary of a run in which every required stage of checks passed. */
export const GovernanceRecord = z.strictObject({
  runId: z.string(),
  modelId: ModelId,
  modelVersion: ModelVersion,
  artifact: Artifact,
  pipeline: Digest,
  evidence: Digest,
  inputs: Inputs,
  riskTier: RiskTier,
  /** Stages of checks that the pipeline requires for the tier. */
  requiredStages: z.array(z.string()),
  /** Those of them that passed. */
  completedStages: z.array(z.string()),
  stageResults: z.array(z.strictObject({ stage: z.string(), statement: StatementId })),
  submitter: Principal,
  authors: z.array(Principal),
  issuedAt: Instant,
  validUntil: Instant,
});
export type GovernanceRecord = z.infer<typeof GovernanceRecord>;
