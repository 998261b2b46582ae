import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { z } from 'zod';

const Raw = z.looseObject({ rawBytes: z.string() }).optional();
const Verifier = z.looseObject({ x509Certificate: Raw, publicKey: Raw });

/** Bodies of log entries, of which each version of each kind names the signer's key or certificate elsewhere. */
const Body = z.looseObject({
  spec: z.looseObject({
    // hashedrekord 0.0.1
    signature: z.looseObject({ publicKey: z.looseObject({ content: z.string() }) }).optional(),
    // dsse 0.0.1
    signatures: z.array(z.looseObject({ verifier: z.string() })).optional(),
    // intoto 0.0.2
    content: z
      .looseObject({
        envelope: z.looseObject({ signatures: z.array(z.looseObject({ publicKey: z.string() })) }),
      })
      .optional(),
    hashedRekordV002: z.looseObject({ signature: z.looseObject({ verifier: Verifier }) }).optional(),
    dsseV002: z.looseObject({ signatures: z.array(z.looseObject({ verifier: Verifier })) }).optional(),
  }),
});

/** Whether a log entry's body names a key, or a certificate of it, as its signer's, and no other. */
export function isEntryOf(key: KeyObject, body: Buffer): boolean {
  try {
    const { spec } = Body.parse(JSON.parse(body.toString('utf8')));
    const named = [
      spec.signature?.publicKey.content,
      ...(spec.signatures ?? []).map(({ verifier }) => verifier),
      ...(spec.content?.envelope.signatures ?? []).map(({ publicKey }) => publicKey),
      ...[spec.hashedRekordV002?.signature, ...(spec.dsseV002?.signatures ?? [])].flatMap((one) =>
        one === undefined ? [] : [one.verifier.x509Certificate?.rawBytes, one.verifier.publicKey?.rawBytes],
      ),
    ].filter((text) => text !== undefined);
    return named.length > 0 && named.every((text) => readVerifier(Buffer.from(text, 'base64')).equals(key));
  } catch {
    return false;
  }
}

/** A public key, or that of a certificate, in PEM or DER. */
function readVerifier(bytes: Buffer): KeyObject {
  try {
    return new X509Certificate(bytes).publicKey;
  } catch {
    const isPem = bytes.includes('-----BEGIN');
    return createPublicKey(isPem ? bytes.toString() : { key: bytes, format: 'der', type: 'spki' });
  }
}
