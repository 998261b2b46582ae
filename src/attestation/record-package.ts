import { z } from 'zod';
import { Digest, ModelId, ModelVersion } from '../domain/index.ts';

/**
 * All that an offline verifier needs to judge a model version, but for the artifact and the trust policy: those reach
 * the verifier on ways of their own.
 */
export const RecordPackage = z.strictObject({
  format: z.literal('countersign-record/v1'),
  modelId: ModelId,
  modelVersion: ModelVersion,
  artifact: Digest,
  /** The ledger view, a Sigstore bundle as JSON text. */
  view: z.string(),
  /** Every statement that the view lists, Sigstore bundles as JSON text, in the ledger's order. */
  statements: z.array(z.string()),
  /** Texts of the pipeline files that the statements name; believed only where their digest is trusted. */
  pipelines: z.array(z.string()),
});
export type RecordPackage = z.infer<typeof RecordPackage>;
