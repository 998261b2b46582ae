import { z } from 'zod';
import { SIGNING_ALGORITHMS } from '../domain/index.ts';

/** How statements are signed. */
export const Signing = z.strictObject({
  algorithm: z
    .enum(SIGNING_ALGORITHMS)
    .default('ecdsa_p256')
    .describe(
      'The kind of the signing keys, of those made on first use and of those that you put into `keys_dir`. `ecdsa_p256` is verified by every Sigstore tool with the key alone; `ed25519` by those that take plain Ed25519.',
    ),
});
export type Signing = z.infer<typeof Signing>;
