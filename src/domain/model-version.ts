import { z } from 'zod';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const VERSION = /^(?![vV][0-9])[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;

/** A model's name: 1 to 128 letters, digits, dots, underscores and hyphens, starting with a letter or digit. */
export const ModelId = z
  .string()
  .regex(NAME, 'expected 1 to 128 of A-Z a-z 0-9 . _ -, starting with a letter or digit');
export type ModelId = z.infer<typeof ModelId>;

/** A model's version. `v1.0` is refused so that it cannot exist beside `1.0`. */
export const ModelVersion = z
  .string()
  .regex(VERSION, 'expected 1 to 128 of A-Z a-z 0-9 . _ + -, without a leading v (write 1.0, not v1.0)');
export type ModelVersion = z.infer<typeof ModelVersion>;

/** A name for an artifact. Names prove nothing; digests do. */
export interface ModelName {
  readonly modelId: ModelId;
  readonly modelVersion: ModelVersion;
}

/** `model@version`, the spelling used in chat, on the command line and in reports. */
export function modelName(name: ModelName): string {
  return `${name.modelId}@${name.modelVersion}`;
}
