import type { Digest, Instant } from '../../domain/index.ts';

/** An artifact whose signature is to be verified, of which only the digest is at hand. */
export interface NamedArtifact {
  readonly digest: Digest;
}

/** An artifact whose signature is to be verified: its digest, computed by us, and its bytes in ranges. */
export interface SignedArtifact extends NamedArtifact {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

/** A file of a directory that may be signed. */
export interface SignedFile extends SignedArtifact {
  /** Its path from the directory down. */
  readonly name: string;
}

/** A directory: its bytes are the list of its files, its digest is the list's. */
export interface SignedDirectory extends SignedArtifact {
  readonly files: readonly SignedFile[];
  /** The digest of the signature's own file, which it cannot list. */
  readonly signature: Digest;
}

/** How an artifact was signed. */
export type SignatureKind = 'cosign_blob' | 'sigstore_message' | 'in_toto' | 'model_signing';

/** Who signed. */
export type ArtifactSigner =
  | { readonly by: 'key'; readonly keyId: string }
  | { readonly by: 'identity'; readonly identity: string; readonly issuer: string }
  | { readonly by: 'certificate'; readonly subject: string; readonly authority: string };

/**
 * What may be wrong with a signature. `malformed` and `unsupported` say that it could not be judged, the others that it
 * was judged and does not count.
 */
export const SIGNATURE_FAULTS = {
  malformed: 'it is no signature that can be read, or can be read in two ways',
  unsupported: 'it is of a kind that is not supported',
  untrusted: 'it is by nobody who is trusted: another key, identity, authority or instance',
  bad_signature: 'it names a trusted key or carries a certificate, and does not fit',
  other_artifact: 'it is of another artifact',
  not_logged: 'what a transparency log or a timestamp authority should vouch for is missing or does not hold',
  wrong_kind: 'it says something else about the artifact than what was asked for',
  key_not_valid: 'the key or certificate was not valid at that time',
} as const;
export type SignatureFault = keyof typeof SIGNATURE_FAULTS;

/** A signature that counts, or why it does not. */
export type ArtifactSignatureResult =
  | {
      readonly ok: true;
      readonly kind: SignatureKind;
      readonly signer: ArtifactSigner;
      /** Whether a transparency log of the trusted root was proven to hold it. */
      readonly logged: boolean;
      /** The first time at which a log or a timestamp authority saw the signature; null where none vouches for one. */
      readonly seenAt: Instant | null;
      /** It holds log entries or timestamps that were only read: there is no trusted root to hold them to. */
      readonly unchecked?: true;
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
