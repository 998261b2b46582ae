import { z } from '@hono/zod-openapi';
import { DigestText, ModelIdText, VersionText } from './names.ts';

export const RecordPackageBody = z
  .object({
    format: z.literal('countersign-record/v3'),
    modelId: ModelIdText,
    modelVersion: VersionText,
    artifact: DigestText,
    view: z.string().openapi({ description: 'The ledger view, a Sigstore bundle as JSON text.' }),
    witness: z.string().openapi({ description: 'What the monitor says of the view, likewise.' }),
    statements: z
      .array(z.string())
      .openapi({ description: 'Every statement that the view lists, likewise.' }),
    checkpoint: z.string().openapi({
      description: "The ledger's head at the time of the view: a signed note (C2SP tlog-checkpoint).",
    }),
    inclusion: z.array(z.array(z.string())).openapi({
      description:
        'For each statement, hashes that prove its place in the tree of the checkpoint (RFC 6962).',
    }),
    pipelines: z
      .array(z.string())
      .openapi({ description: 'Texts of the pipeline files that statements name.' }),
  })
  .openapi('RecordPackage', {
    description: 'All that `countersign verify` needs but for the artifact and the trust policy.',
  });
