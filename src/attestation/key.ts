import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CountersignError, KeyId } from '../domain/index.ts';
import { sha256 } from '../lib/index.ts';

/** A new key pair: PEM PKCS#8 and PEM SubjectPublicKeyInfo. */
export interface SigningKey {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** What Node calls P-256. */
const CURVE = 'prime256v1';
const PUBLIC_PEM = /^-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;
const MAKE_ONE = 'make one with openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256';

/** Makes an ECDSA P-256 key pair, the one kind that every Sigstore tool signs and verifies alike. */
export function createSigningKey(): SigningKey {
  return generateKeyPairSync('ec', {
    namedCurve: CURVE,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

/**
 * Reads an ECDSA P-256 private key, PEM.
 *
 * @throws CountersignError `invalid_input` for anything else; neither message nor cause holds any of the text.
 */
export function readPrivateKey(pem: string): KeyObject {
  if (pem.includes('ENCRYPTED'))
    throw unfit('the private key is encrypted: give it unencrypted, with mode 0600');
  return demandP256(attempt(() => createPrivateKey(pem)) ?? refuse('the text is not a private key in PEM'));
}

/**
 * Reads an ECDSA P-256 public key, PEM SubjectPublicKeyInfo: no certificate, and no private key to derive one from.
 *
 * @throws CountersignError `invalid_input`.
 */
export function readPublicKey(pem: string): KeyObject {
  if (!PUBLIC_PEM.test(pem)) throw unfit('the text is not one PEM block "PUBLIC KEY"');
  return demandP256(attempt(() => createPublicKey(pem)) ?? refuse('the text is not a public key in PEM'));
}

/** A public key in PEM SubjectPublicKeyInfo. */
export function publicPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** The id of a public key: base64 of the SHA-256 of its DER SubjectPublicKeyInfo. */
export function keyIdOf(key: KeyObject): KeyId {
  return KeyId.parse(Buffer.from(sha256(key.export({ type: 'spki', format: 'der' }))).toString('base64'));
}

function demandP256(key: KeyObject): KeyObject {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ec' && curve === CURVE) return key;
  const found = [key.asymmetricKeyType, curve].filter((part) => part !== undefined).join(' ');
  throw unfit(`expected an ECDSA key on the curve P-256, found ${found}: ${MAKE_ONE}`);
}

function attempt(read: () => KeyObject): KeyObject | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function refuse(message: string): never {
  throw unfit(message);
}

function unfit(message: string): CountersignError {
  return new CountersignError('invalid_input', message);
}
