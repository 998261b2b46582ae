import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Instant, KeyId, SignerName, TrustedSigner } from '../../src/domain/index.ts';
import { SIGNS } from '../../src/domain/index.ts';
import { canonicalJson, sha256 } from '../../src/lib/index.ts';

/** A key pair made here, apart from the code under test. */
export interface TestKey {
  readonly privateKey: KeyObject;
  readonly privatePem: string;
  readonly publicPem: string;
  readonly keyId: KeyId;
}

export function testKey(): TestKey {
  return keyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

export function keyOf(privateKey: KeyObject): TestKey {
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return {
    privateKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    keyId: Buffer.from(sha256(der)).toString('base64') as KeyId,
  };
}

export function keyFromPem(pem: string): TestKey {
  return keyOf(createPrivateKey(pem));
}

/** What a trust policy says of a key. */
export function trusted(key: TestKey, name: SignerName, times: Partial<TrustedSigner> = {}): TrustedSigner {
  const validFrom: Instant = '2026-01-01T00:00:00.000Z';
  return {
    name,
    keyId: key.keyId,
    publicKey: key.publicPem,
    predicates: [...SIGNS[name]],
    validFrom,
    ...times,
  };
}

/** DSSE's pre-authentication encoding, from its specification. */
export function preAuthEncoding(type: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `), body]);
}

/** The parts of a bundle that an attacker may choose. */
export interface Forgery {
  readonly payload: Uint8Array | string;
  readonly payloadType?: string;
  readonly hint?: string;
  readonly mediaType?: string;
}

/** Signs any bytes at all with a key, as somebody could who holds it and ignores our rules. */
export function forge(key: TestKey, forgery: Forgery): string {
  const payload = Buffer.from(forgery.payload);
  const payloadType = forgery.payloadType ?? 'application/vnd.in-toto+json';
  const sig = sign('sha256', preAuthEncoding(payloadType, payload), key.privateKey);
  return JSON.stringify({
    mediaType: forgery.mediaType ?? 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: forgery.hint ?? key.keyId }, timestampVerificationData: {} },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType,
      signatures: [{ sig: sig.toString('base64'), keyid: key.keyId }],
    },
  });
}

/** An in-toto statement's canonical bytes. */
export function statementBytes(
  predicateType: string,
  predicate: unknown,
  digests: readonly string[],
): Buffer {
  const subject = digests.map((digest) => ({ digest: { sha256: digest.replace('sha256:', '') } }));
  const statement = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate };
  return Buffer.from(canonicalJson(statement));
}

/** The payload bytes of a bundle. */
export function payloadOf(bundle: string): Buffer {
  return Buffer.from(JSON.parse(bundle).dsseEnvelope.payload, 'base64');
}
