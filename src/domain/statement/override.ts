import { z } from 'zod';
import { Artifact } from '../artifact/index.ts';
import { Digest } from '../digest.ts';
import { Instant } from '../instant.ts';
import { ModelId, ModelVersion } from '../model-version.ts';
import { PersonId, Role } from '../person.ts';
import { StatementId } from './statement-id.ts';

const Unmet = z.strictObject({
  code: z.string().max(64).describe("The judge's code of the reason."),
  message: z.string().max(1000).describe('The reason, in a sentence.'),
});

/** `override/v1`. */
export const Override = z
  .strictObject({
    artifact: Artifact.describe('The artifact that may serve traffic.'),
    modelId: ModelId.describe('The model under whose name it may.'),
    modelVersion: ModelVersion.describe('Its version.'),
    environment: z.string().min(1).max(512).describe('Where it may.'),
    person: PersonId.describe('Who overrode.'),
    role: Role.describe('The role in which they did, held then.'),
    confirms: StatementId.optional().describe(
      'Id of the `override/v1` that this one confirms, as a second person, on the same terms; absent on the first.',
    ),
    reason: Digest.optional().describe(
      'Salted digest of the reason; the words themselves are kept apart and can be erased. Absent on a confirmation.',
    ),
    reference: z
      .string()
      .max(200)
      .optional()
      .describe('What it refers to, such as the number of an incident.'),
    view: Digest.optional().describe(
      'Digest of what the officer was shown: the model version, its digest, the environment and all reasons. Absent on a confirmation, and on overrides of before it was signed.',
    ),
    unmet: z.array(Unmet).max(100).describe('Why the artifact was not governed then: what was overridden.'),
    grantedAt: Instant.describe('When it was granted.'),
    expiresAt: Instant.describe('Until when it is good.'),
    documentationDueAt: Instant.describe('When its documentation is due.'),
  })
  .describe('That an artifact may serve traffic for a time though it is not governed, who said so and why.');
export type Override = z.infer<typeof Override>;

/** `override-documentation/v1`. */
export const OverrideDocumentation = z
  .strictObject({
    artifact: Artifact.describe('The artifact that was let serve traffic.'),
    override: StatementId.describe('Id of the `override/v1` that is documented.'),
    person: PersonId.describe('Who documented it.'),
    documentation: Digest.describe('Salted digest of the documentation; the words are kept apart.'),
    documentedAt: Instant.describe('When it was documented.'),
  })
  .describe('That an override was documented after the fact, which settles it.');
export type OverrideDocumentation = z.infer<typeof OverrideDocumentation>;
