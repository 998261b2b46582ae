import { z } from 'zod';
import { canonicalJson, sha256 } from '../lib/index.ts';

/** A key's id: base64 of the SHA-256 of its DER SubjectPublicKeyInfo, the hint that cosign writes too. */
export const KeyId = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'expected 44 base64 characters')
  .brand('KeyId');
export type KeyId = z.infer<typeof KeyId>;

/** Printable ASCII without white space, as certificates hold it. An asterisk would look like a pattern, and is none. */
const ToTheLetter = z
  .string()
  .min(1)
  .max(1024)
  .regex(
    /^[!-)+-~]*$/,
    'expected the whole text, as the certificate has it: it is no pattern, and holds no * and no space',
  );

/**
 * Who signs without a key of their own: an identity that an OpenID Connect issuer vouches for, and for which a
 * certificate authority certifies a key for some minutes. Both are compared to the letter.
 */
export const KeylessIdentity = z.strictObject({
  /** The certificate's subject alternative name: a URI or an e-mail address. */
  identity: ToTheLetter,
  /** URL of the issuer. */
  issuer: ToTheLetter,
});
export type KeylessIdentity = z.infer<typeof KeylessIdentity>;

/** Stands for an identity wherever the id of a key is asked for: base64 of the SHA-256 of its canonical JSON. */
export function keyIdOfIdentity({ identity, issuer }: KeylessIdentity): KeyId {
  return KeyId.parse(Buffer.from(sha256(canonicalJson({ identity, issuer }))).toString('base64'));
}
