import type { ArtifactSigner, SignatureFault, SignatureKind } from '../../attestation/index.ts';

/** How an artifact was signed, in words. */
export const KIND_TITLES: Readonly<Record<SignatureKind, string>> = {
  cosign_blob: 'a bare signature',
  sigstore_message: 'a Sigstore bundle',
  in_toto: 'a signed in-toto statement',
  model_signing: 'an OpenSSF model signature',
};

/** What to do about a signature that does not count. */
export const FAULT_REMEDIES: Readonly<Record<SignatureFault, string>> = {
  malformed: 'submit the file as the signing tool wrote it',
  unsupported: 'sign the artifact in a way that is supported',
  untrusted: 'have it signed by somebody of keys, identities or certificate_authorities',
  bad_signature: 'sign the artifact as submitted anew',
  other_artifact: 'submit the signature of this artifact, or sign it anew',
  not_logged: 'sign it with an entry in the transparency log, and submit the bundle',
  wrong_kind: 'submit a signature of the artifact, not a statement about it',
  key_not_valid: 'sign it anew with a key that is valid now',
};

/** Faults by which a signature could not be judged; all others are held against it. */
export const UNJUDGED: readonly SignatureFault[] = ['malformed', 'unsupported'];

/** Who signed, in words. */
export function signerOf(signer: ArtifactSigner): string {
  switch (signer.by) {
    case 'key':
      return `the key ${signer.keyId}`;
    case 'identity':
      return `${signer.identity} (${signer.issuer})`;
    case 'certificate':
      return `${signer.subject}, issued by ${signer.authority}`;
  }
}
