import { z } from 'zod';

/** A statement's id: the SHA-256 of its DSSE payload bytes, 64 lower-case hex digits. Signing it again keeps it. */
export const StatementId = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits')
  .brand('StatementId');
export type StatementId = z.infer<typeof StatementId>;
