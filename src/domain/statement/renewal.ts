import { z } from 'zod';
import { Artifact } from '../artifact/index.ts';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { ModelId, ModelVersion } from '../model-version.ts';
import { Principal } from '../person.ts';
import { StatementId } from './statement-id.ts';

/** Digests of what a model would be made from now. */
export const CurrentDigests = z.strictObject({
  code: Digest.describe('Digest of the code.'),
  data: Digest.describe('Digest of the data.'),
  config: Digest.describe('Digest of the configuration.'),
  pipeline: Digest.describe("Digest of the pipeline file's bytes."),
});
export type CurrentDigests = z.infer<typeof CurrentDigests>;

/** `current-inputs/v1`. */
export const CurrentInputs = z
  .strictObject({
    artifact: Artifact.describe('The artifact that is governed under the name.'),
    modelId: ModelId.describe('The model.'),
    modelVersion: ModelVersion.describe('Its version.'),
    digests: CurrentDigests.describe('What it would be made from now, and by which pipeline it would go.'),
    reporter: Principal.describe('Who said so: the CI that submitted it, or an inventory source.'),
    reportedAt: Instant.describe('When they did.'),
  })
  .describe('What CI or a source reported of the inputs of a model version that was governed before.');
export type CurrentInputs = z.infer<typeof CurrentInputs>;

/** `renewal/v1`. */
export const Renewal = z
  .strictObject({
    artifact: Artifact.describe('The artifact whose governance goes on.'),
    modelId: ModelId.describe('The model.'),
    modelVersion: ModelVersion.describe('Its version.'),
    runId: z.string().describe('The run whose record is renewed.'),
    record: StatementId.describe('Id of the `governance-record/v1` that is renewed.'),
    number: z.int().min(1).describe('Which renewal of the record it is, from 1.'),
    report: StatementId.describe('Id of the `current-inputs/v1` by which nothing changed.'),
    evidence: z
      .array(
        z.strictObject({
          stage: z.string().describe('Name of the stage.'),
          since: Instant.describe('When this evidence was first used in it.'),
        }),
      )
      .describe('How old the evidence of each required stage is.'),
    reason: z.string().max(1000).describe('Why nobody was asked, in a sentence.'),
    renewedAt: Instant.describe('When it was renewed.'),
    validUntil: Instant.describe('Until when it is good.'),
  })
  .describe('That a record is good for longer though nobody was asked, because nothing changed.');
export type Renewal = z.infer<typeof Renewal>;
