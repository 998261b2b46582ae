import { z } from 'zod';

/** Where a secret is: never in the configuration itself. */
export const Secret = z.union(
  [
    z.strictObject({
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/)
        .describe('Name of the environment variable that holds it.'),
    }),
    z.strictObject({
      file: z.string().min(1).max(4096).describe('Path of the file that holds it, read anew at each look.'),
    }),
  ],
  { error: 'expected { env: NAME } or { file: path }: a secret does not stand in the configuration' },
);
export type SecretPlace = z.infer<typeof Secret>;

/** What sources are given to reach the places that they look at. */
export interface SourceTools {
  /**
   * Reads a secret.
   * @throws CountersignError `invalid_input` that names where it was looked for, and holds nothing of it
   */
  secret(place: SecretPlace): Promise<string>;
  /** A path in the configuration, absolute. */
  pathOf(path: string): string;
}
