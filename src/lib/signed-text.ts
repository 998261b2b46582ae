import { generateKeyPairSync, sign, verify } from 'node:crypto';

/** A private key that signs texts, Ed25519 (FIPS 186-5): PEM, PKCS#8. */
export function newTextKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The signature of a text, in base64url. */
export function signText(privateKey: string, text: string): string {
  return sign(null, Buffer.from(text), privateKey).toString('base64url');
}

/**
 * Whether a key signed a text.
 * @throws for a public key that is none
 */
export function isSignedText(publicKey: string, text: string, signature: string): boolean {
  return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url'));
}
