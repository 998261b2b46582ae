import { createHash, createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pointOf, signDeterministically } from './ecdsa.ts';

/** Anybody can compute this key: it signs the example, and must sign nothing else. */
const SECRET = createHash('sha256')
  .update('countersign example: signs fraud-detection and nothing else')
  .digest();
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** The example's public key, PEM. */
export function signingKey(): string {
  const point = pointOf(SECRET);
  const half = (from: number) => point.subarray(from, from + 32).toString('base64url');
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: half(1), y: half(33) }, format: 'jwk' });
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/**
 * Writes `model.sig` beside a model: an OpenSSF model signature by the example's key, as
 * `model_signing sign key` of the reference implementation writes it.
 */
export function writeSignature(folder: string, modelDigest: string): void {
  const payload = Buffer.from(JSON.stringify(statementOf(modelDigest), null, 2));
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `),
    payload,
  ]);
  const signature = signDeterministically(SECRET, createHash('sha256').update(signed).digest());
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      publicKey: { hint: createHash('sha256').update(signingKey()).digest('hex') },
    },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: signature.toString('base64'), keyid: '' }],
    },
  };
  writeFileSync(join(folder, 'model.sig'), `${JSON.stringify(bundle)}\n`);
}

/** The statement of a model that is one file: its root is the hash of the file's hash. */
function statementOf(digest: string): unknown {
  const root = createHash('sha256').update(Buffer.from(digest, 'hex')).digest('hex');
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'model.onnx', digest: { sha256: root } }],
    predicateType: 'https://model_signing/signature/v1.0',
    predicate: {
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: [] },
      resources: [{ name: '.', algorithm: 'sha256', digest }],
    },
  };
}
