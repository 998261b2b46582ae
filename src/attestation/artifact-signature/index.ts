/** Signatures of artifacts by others: Sigstore bundles, OpenSSF model signatures, bare signatures of cosign. */
export { SIGNING_PREDICATES } from './in-toto.ts';
export type {
  ArtifactSignatureResult,
  ArtifactSigner,
  SignatureFault,
  SignatureKind,
  SignedArtifact,
} from './result.ts';
export {
  type ArtifactKeySettings,
  type ArtifactTrust,
  type ArtifactTrustSettings,
  readArtifactTrust,
} from './trust.ts';
export { verifyArtifactSignature } from './verify.ts';
