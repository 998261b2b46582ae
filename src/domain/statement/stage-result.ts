import { z } from 'zod';
import { Artifact } from '../artifact/index.ts';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { ModelId, ModelVersion } from '../model-version.ts';
import { Outcome } from '../outcome.ts';
import { RiskTier } from '../risk-tier.ts';

/** What one check found, as signed: the full report is kept apart, under `report`, and can be deleted. */
const CheckFinding = z.strictObject({
  name: z.string().describe('Name of the check.'),
  version: z.string().describe('Version of the check.'),
  outcome: Outcome.describe('What it found.'),
  report: Digest.describe("Digest of the check's result (canonical JSON)."),
});

/** `stage-result/v1`. */
export const StageResult = z
  .strictObject({
    runId: z.string().describe('The run.'),
    modelId: ModelId.describe('The model under whose name the artifact was submitted.'),
    modelVersion: ModelVersion.describe('Its version.'),
    artifact: Artifact.describe('The artifact that was examined.'),
    stage: z.string().describe('Name of the stage.'),
    outcome: Outcome.describe('What the stage amounts to: its worst check.'),
    riskTier: RiskTier.optional().describe(
      'The tier that this stage established; only where it holds the check that does.',
    ),
    checks: z.array(CheckFinding).describe('What each check of the stage found.'),
    pipeline: Digest.describe("Digest of the pipeline file's bytes."),
    evidence: Digest.describe(
      'Digest of the evidence manifest (canonical JSON of names and digests, sorted by name).',
    ),
    performedAt: Instant.describe('When the checks began.'),
  })
  .describe('What one stage of one run found about an artifact.');
export type StageResult = z.infer<typeof StageResult>;
