import { z } from 'zod';
import { Digest, ModelId, ModelVersion } from '../../domain/index.ts';

const NAME = { modelId: ModelId, modelVersion: ModelVersion, artifact: Digest };

/** What a report of current inputs amounts to. */
export const InputReceiptAnswer = z.looseObject({
  ...NAME,
  changed: z.array(z.string()),
  unknown: z.array(z.string()),
});
export type InputReceiptAnswer = z.infer<typeof InputReceiptAnswer>;

/** The run by which a model version is to be renewed. */
export const RenewalAnswer = z.looseObject({ ...NAME, runId: z.string(), created: z.boolean() });
export type RenewalAnswer = z.infer<typeof RenewalAnswer>;
