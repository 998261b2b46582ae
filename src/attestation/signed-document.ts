import { createPublicKey, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, parseStrictJson, sha256 } from '../lib/index.ts';
import { keyIdOf, readPrivateKey, readPublicKey } from './key.ts';

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const Base64 = z.base64();

/** The one shape in which we sign documents: a detached Sigstore bundle v0.3 by a key. */
const Shape = z.strictObject({
  mediaType: z.literal(MEDIA_TYPE),
  verificationMaterial: z.strictObject({ publicKey: z.strictObject({ hint: z.string() }) }),
  messageSignature: z.strictObject({
    messageDigest: z.strictObject({ algorithm: z.literal('SHA2_256'), digest: Base64 }),
    signature: Base64,
  }),
});

/**
 * Signs a document apart from it: a Sigstore bundle as JSON text, which `cosign verify-blob` takes too.
 *
 * @throws CountersignError `invalid_input` for a key that is not P-256.
 */
export function signDocument(document: Uint8Array, privateKeyPem: string): string {
  const key = readPrivateKey(privateKeyPem);
  const bundle: z.infer<typeof Shape> = {
    mediaType: MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: keyIdOf(createPublicKey(key)) } },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: Buffer.from(sha256(document)).toString('base64') },
      signature: sign('sha256', document, key).toString('base64'),
    },
  };
  return canonicalJson(bundle);
}

/**
 * Why a detached signature is not that of a key over a document; null where it is.
 *
 * @throws CountersignError `invalid_input` for a public key that is none.
 */
export function documentProblem(document: Uint8Array, bundle: string, publicKeyPem: string): string | null {
  const key = readPublicKey(publicKeyPem);
  if (key.asymmetricKeyType !== 'ec') return 'the public key is not an ECDSA key on the curve P-256';
  const json = parseStrictJson('the signature', bundle);
  if (!json.ok) return json.problems[0]?.message ?? 'it is not JSON';
  const shape = Shape.safeParse(json.value);
  if (!shape.success) {
    const issue = shape.error.issues[0];
    return `it is no detached Sigstore bundle: ${issue?.path.join('.') || 'bundle'}: ${issue?.message}`;
  }
  const { messageSignature, verificationMaterial } = shape.data;
  if (verificationMaterial.publicKey.hint !== keyIdOf(key))
    return `it is by the key ${verificationMaterial.publicKey.hint}, not by ${keyIdOf(key)}`;
  const digest = Buffer.from(messageSignature.messageDigest.digest, 'base64');
  if (!digest.equals(sha256(document))) return 'it is over another document';
  const signature = Buffer.from(messageSignature.signature, 'base64');
  return verify('sha256', document, key, signature) ? null : 'the signature does not fit';
}
