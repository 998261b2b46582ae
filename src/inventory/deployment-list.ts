import { z } from 'zod';
import { CurrentDigests, Digest, ModelId, ModelVersion } from '../domain/index.ts';

/** A name that can be part of a deployment's key. */
export const SourceName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
    'expected 1 to 128 of A-Z a-z 0-9 . _ -, starting with a letter or digit',
  );

/** One deployment in a list. */
export const DeploymentEntry = z
  .strictObject({
    name: SourceName.describe("The deployment's name, unique within its environment."),
    environment: SourceName.describe('Where it serves.'),
    model_id: ModelId.describe('The model that is said to be served.'),
    model_version: ModelVersion.describe('Its version.'),
    path: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe('The file that is served, relative to the list. Its bytes are hashed at each look.'),
    digest: Digest.optional().describe(
      'The digest that is said to be served, where the bytes cannot be had. Say this or `path`, not both.',
    ),
    inputs: CurrentDigests.optional().describe(
      'Digests of what the model version would be made from now, where whoever keeps the list knows them: a record is renewed without asking where all are as they were.',
    ),
    replicas: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(1)
      .describe('How many replicas serve it; 0 where none does at the moment.'),
  })
  .refine(({ path, digest }) => (path === undefined) !== (digest === undefined), {
    error: 'expected one of path (bytes to hash) and digest (as declared)',
  });
export type DeploymentEntry = z.infer<typeof DeploymentEntry>;

/** A list of deployments, YAML. */
export const DeploymentList = z
  .strictObject({
    deployments: z
      .array(DeploymentEntry)
      .max(10_000)
      .describe('What is deployed; each entry says either `path` or `digest`.'),
  })
  .superRefine(({ deployments }, context) => {
    const seen = new Set<string>();
    for (const [index, { environment, name }] of deployments.entries()) {
      const key = `${environment}/${name}`;
      const message = `${key} is in the list twice`;
      if (seen.has(key)) context.addIssue({ code: 'custom', path: ['deployments', index, 'name'], message });
      seen.add(key);
    }
  });
