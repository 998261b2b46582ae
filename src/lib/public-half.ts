import { createPublicKey } from 'node:crypto';

/** The public half of a private key, PEM, SPKI. */
export function publicHalfOf(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
}
