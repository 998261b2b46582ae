import { z } from 'zod';
import { Artifact } from '../artifact/index.ts';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { ModelId, ModelVersion } from '../model-version.ts';
import { Principal } from '../person.ts';
import { RiskTier } from '../risk-tier.ts';
import { StatementId } from './statement-id.ts';

/** Digests of what a model was made from, as CI reported them; renewal compares them. */
export const Inputs = z.strictObject({
  code: Digest.optional().describe('Digest of the code.'),
  data: Digest.optional().describe('Digest of the data.'),
  config: Digest.optional().describe('Digest of the configuration.'),
});
export type Inputs = z.infer<typeof Inputs>;

/** `governance-record/v1`. */
export const GovernanceRecord = z
  .strictObject({
    runId: z.string().describe('The run that is summed up.'),
    modelId: ModelId.describe('The model under whose name the artifact was submitted.'),
    modelVersion: ModelVersion.describe('Its version.'),
    artifact: Artifact.describe('The artifact that was governed.'),
    pipeline: Digest.describe("Digest of the pipeline file's bytes."),
    evidence: Digest.describe(
      'Digest of the evidence manifest (canonical JSON of names and digests, sorted by name).',
    ),
    inputs: Inputs.describe('What the model was made from, as CI reported it.'),
    riskTier: RiskTier.describe('The tier that the stage results established.'),
    requiredStages: z.array(z.string()).describe('Stages of checks that the pipeline requires for the tier.'),
    completedStages: z.array(z.string()).describe('Those of them that passed.'),
    stageResults: z
      .array(
        z.strictObject({
          stage: z.string().describe('Name of the stage.'),
          statement: StatementId.describe('Id of its `stage-result/v1`.'),
        }),
      )
      .describe('The results that the record rests on.'),
    submitter: Principal.describe('Who submitted the model version.'),
    authors: z.array(Principal).describe('Who made it, besides the submitter.'),
    issuedAt: Instant.describe('When the record was signed.'),
    validUntil: Instant.describe('When it ends.'),
  })
  .describe('The summary of a run in which every required stage of checks passed.');
export type GovernanceRecord = z.infer<typeof GovernanceRecord>;
