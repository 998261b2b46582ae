import { verify } from 'node:crypto';
import type { TrustedSigner } from '../domain/index.ts';
import { readPublicKey } from './key.ts';
import { digestFor } from './ledger/signed-note.ts';

/** Whether the key of one of some signers made a detached signature (base64) over the bytes of a file, as `signFile` does. */
export function verifiesFile(
  signers: readonly TrustedSigner[],
  bytes: Uint8Array,
  signature: string,
): boolean {
  return signers.some(({ publicKey }) => {
    if (publicKey === undefined) return false;
    try {
      const key = readPublicKey(publicKey);
      return verify(digestFor(key), bytes, key, Buffer.from(signature, 'base64'));
    } catch {
      return false;
    }
  });
}
