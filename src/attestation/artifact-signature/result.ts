import type { Digest } from '../../domain/index.ts';

/** An artifact whose signature is to be verified: its digest, computed by us, and its bytes in ranges. */
export interface SignedArtifact {
  readonly digest: Digest;
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

/** How an artifact was signed. */
export type SignatureKind = 'cosign_blob' | 'sigstore_message' | 'in_toto' | 'model_signing';

/** Who signed. */
export type ArtifactSigner =
  | { readonly by: 'key'; readonly keyId: string }
  | { readonly by: 'identity'; readonly identity: string; readonly issuer: string }
  | { readonly by: 'certificate'; readonly subject: string; readonly authority: string };

/**
 * What is wrong with a signature. `malformed` and `unsupported` say that it could not be judged, the others that it was
 * judged and does not count.
 */
export type SignatureFault =
  | 'malformed'
  | 'unsupported'
  | 'untrusted'
  | 'bad_signature'
  | 'other_artifact'
  | 'not_logged'
  | 'wrong_kind'
  | 'key_not_valid';

/** A signature that counts, or why it does not. */
export type ArtifactSignatureResult =
  | {
      readonly ok: true;
      readonly kind: SignatureKind;
      readonly signer: ArtifactSigner;
      readonly logged: boolean;
    }
  | { readonly ok: false; readonly fault: SignatureFault; readonly message: string };

/** Foreign text made fit for a message: one line, no control characters, at most 200 characters. */
export function printable(text: string): string {
  return text
    .replace(/\p{C}+|\s+/gu, ' ')
    .trim()
    .slice(0, 200);
}

/** Thrown within this folder; `verifyArtifactSignature` makes a result of it. */
export class SignatureError extends Error {
  readonly fault: SignatureFault;

  constructor(fault: SignatureFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
