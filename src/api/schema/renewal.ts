import { z } from '@hono/zod-openapi';
import { DigestText, ModelIdText, RunId, Time, VersionText } from './names.ts';

const NAME = { modelId: ModelIdText, modelVersion: VersionText, artifact: DigestText };

export const InputReceiptBody = z
  .object({
    ...NAME,
    reportedAt: Time,
    changed: z
      .array(z.string())
      .readonly()
      .openapi({
        description: 'What is not as it was when the version was governed: code, data, config, pipeline.',
        example: ['code'],
      }),
    unknown: z.array(z.string()).readonly().openapi({
      description: 'Of what the submission gave no digest: with any, nothing is renewed without asking.',
      example: [],
    }),
  })
  .openapi('InputReceipt', { description: 'What a report of current inputs amounts to.' });

export const RenewalBody = z
  .object({
    ...NAME,
    runId: RunId,
    ofRun: RunId.openapi({ description: 'The run whose submission it repeats.' }),
    created: z.boolean().openapi({ description: 'False where a run of it was under way already.' }),
  })
  .openapi('StartedRenewal', { description: 'The run by which a model version is to be renewed.' });
