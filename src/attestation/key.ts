import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  CountersignError,
  KeyId,
  keyIdOfIdentity,
  type SigningAlgorithm,
  type TrustedSigner,
} from '../domain/index.ts';
import { sha256 } from '../lib/index.ts';

/** A new key pair: PEM PKCS#8 and PEM SubjectPublicKeyInfo. */
export interface SigningKey {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** What Node calls P-256. */
const CURVE = 'prime256v1';
const PUBLIC_PEM = /^-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;
const NAMES = { ecdsa_p256: 'an ECDSA key on the curve P-256', ed25519: 'an Ed25519 key' } as const;
const MAKE_ONE = {
  ecdsa_p256: 'make one with openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
  ed25519: 'make one with openssl genpkey -algorithm ED25519',
} as const;

/** Makes a key pair. */
export function createSigningKey(algorithm: SigningAlgorithm = 'ecdsa_p256'): SigningKey {
  const pair =
    algorithm === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: CURVE });
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privateKey, publicKey: publicPem(pair.publicKey) };
}

/**
 * Reads a private key, PEM.
 *
 * @throws CountersignError `invalid_input` for anything else; neither message nor cause holds any of the text.
 */
export function readPrivateKey(pem: string, algorithm: SigningAlgorithm = 'ecdsa_p256'): KeyObject {
  if (pem.includes('ENCRYPTED'))
    throw unfit('the private key is encrypted: give it unencrypted, with mode 0600');
  const key = attempt(() => createPrivateKey(pem)) ?? refuse('the text is not a private key in PEM');
  if (algorithmOf(key) === algorithm) return key;
  throw unfit(`expected ${NAMES[algorithm]}, found ${describe(key)}: ${MAKE_ONE[algorithm]}`);
}

/**
 * Reads a public key, ECDSA P-256 or Ed25519, PEM SubjectPublicKeyInfo: no certificate, and no private key to derive
 * one from.
 *
 * @throws CountersignError `invalid_input`.
 */
export function readPublicKey(pem: string): KeyObject {
  if (!PUBLIC_PEM.test(pem)) throw unfit('the text is not one PEM block "PUBLIC KEY"');
  const key = attempt(() => createPublicKey(pem)) ?? refuse('the text is not a public key in PEM');
  if (algorithmOf(key) !== null) return key;
  throw unfit(`expected ${NAMES.ecdsa_p256}, found ${describe(key)}: ${MAKE_ONE.ecdsa_p256}`);
}

/** A public key in PEM SubjectPublicKeyInfo. */
export function publicPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** The id of a public key: base64 of the SHA-256 of its DER SubjectPublicKeyInfo. */
export function keyIdOf(key: KeyObject): KeyId {
  return KeyId.parse(Buffer.from(sha256(key.export({ type: 'spki', format: 'der' }))).toString('base64'));
}

/** Why what is said of a signer does not hold together: it has one key or one identity, and the id of that. */
export function signerProblem({
  publicKey,
  keyless,
  keyId,
}: Pick<TrustedSigner, 'publicKey' | 'keyless' | 'keyId'>): string | null {
  if ((publicKey === undefined) === (keyless === undefined)) return 'expected either publicKey or keyless';
  try {
    const id = keyless === undefined ? keyIdOf(readPublicKey(publicKey ?? '')) : keyIdOfIdentity(keyless);
    return id === keyId
      ? null
      : `the id of its ${keyless === undefined ? 'key' : 'identity'} is ${id}, not ${keyId}`;
  } catch (error) {
    return `publicKey: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
}

function algorithmOf(key: KeyObject): SigningAlgorithm | null {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  const isP256 = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === CURVE;
  return isP256 ? 'ecdsa_p256' : null;
}

function describe(key: KeyObject): string {
  const parts = [key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve];
  return parts.filter((part) => part !== undefined).join(' ');
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
