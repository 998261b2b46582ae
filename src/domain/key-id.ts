import { z } from 'zod';

/** A key's id: base64 of the SHA-256 of its DER SubjectPublicKeyInfo, the hint that cosign writes too. */
export const KeyId = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'expected 44 base64 characters')
  .brand('KeyId');
export type KeyId = z.infer<typeof KeyId>;
