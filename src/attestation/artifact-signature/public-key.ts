import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { sha256, sha256Hex } from '../../lib/index.ts';

/** A hash that goes with a key; `null` for Ed25519, which hashes by itself. */
export type SignatureHash = 'sha256' | 'sha384' | 'sha512' | null;

const PUBLIC_PEM = /^\s*-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;
const MIN_RSA_BITS = 2048;

/** The hash of the curve, as OpenSSF model signing and new versions of cosign use it, before SHA-256, as older ones do. */
const HASHES: Readonly<Record<string, readonly SignatureHash[]>> = {
  prime256v1: ['sha256'],
  secp384r1: ['sha384', 'sha256'],
  secp521r1: ['sha512', 'sha256'],
  rsa: ['sha256'],
  ed25519: [null],
};

/**
 * Reads a public key that may sign artifacts: ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits and more.
 *
 * @returns what is wrong with it, if anything is
 */
export function readArtifactKey(pem: string): KeyObject | string {
  if (!PUBLIC_PEM.test(pem)) return 'is not one PEM block "PUBLIC KEY"';
  try {
    const key = createPublicKey(pem);
    return unfitness(key) ?? key;
  } catch {
    return 'is not a public key in PEM';
  }
}

/** Why a key may not sign artifacts, if it may not. */
export function unfitness(key: KeyObject): string | undefined {
  if (HASHES[familyOf(key)] === undefined) return `is of the kind ${familyOf(key)}, which is not supported`;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
  return bits < MIN_RSA_BITS
    ? `is an RSA key of ${bits} bits; at least ${MIN_RSA_BITS} are asked for`
    : undefined;
}

/** The hashes that a signature by a key may be over, the likeliest first. */
export function hashesOf(key: KeyObject): readonly SignatureHash[] {
  return HASHES[familyOf(key)] ?? [];
}

/** Whether a signature over these bytes is by a key. */
export function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  return hashesOf(key).some((hash) => {
    try {
      return verify(hash, bytes, key, signature);
    } catch {
      return false;
    }
  });
}

/** A key's id: base64 of the SHA-256 of its DER SubjectPublicKeyInfo. */
export function artifactKeyId(key: KeyObject): string {
  return Buffer.from(sha256(key.export({ type: 'spki', format: 'der' }))).toString('base64');
}

/** The hints by which a bundle may name a key: cosign's, and that of model signing, which hashes the PEM text. */
export function hintsOf(key: KeyObject): readonly string[] {
  return [artifactKeyId(key), sha256Hex(key.export({ type: 'spki', format: 'pem' }).toString())];
}

function familyOf(key: KeyObject): string {
  return key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? 'unknown';
}
