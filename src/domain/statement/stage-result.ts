import { z } from 'zod';
import { Artifact } from '../artifact.ts';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { ModelId, ModelVersion } from '../model-version.ts';
import { Outcome } from '../outcome.ts';
import { RiskTier } from '../risk-tier.ts';

/** What one check found, as signed: the full report is kept apart, under `report`, and can be deleted. */
export const CheckFinding = z.strictObject({
  name: z.string(),
  version: z.string(),
  outcome: Outcome,
  /** Digest of the check's result (canonical JSON). */
  report: Digest,
});

/** `stage-result/v1`: what one stage of one run found about an artifact. */
export const StageResult = z.strictObject({
  runId: z.string(),
  modelId: ModelId,
  modelVersion: ModelVersion,
  artifact: Artifact,
  stage: z.string(),
  outcome: Outcome,
  /** The tier that this stage established; only where it holds the check that does. */
  riskTier: RiskTier.optional(),
  checks: z.array(CheckFinding),
  pipeline: Digest,
  /** Digest of the evidence manifest (canonical JSON of names and digests, sorted by name). */
  evidence: Digest,
  performedAt: Instant,
});
export type StageResult = z.infer<typeof StageResult>;
