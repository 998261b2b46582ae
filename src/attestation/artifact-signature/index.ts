/** Signatures of artifacts by others: Sigstore bundles, OpenSSF model signatures, bare signatures of cosign. */
export { SIGNING_PREDICATES } from './in-toto.ts';
export {
  type ArtifactSignatureResult,
  type ArtifactSigner,
  type NamedArtifact,
  SIGNATURE_FAULTS,
  type SignatureFault,
  type SignatureKind,
  type SignedArtifact,
} from './result.ts';
export {
  type ArtifactKeySettings,
  type ArtifactTrust,
  type ArtifactTrustSettings,
  readArtifactTrust,
} from './trust.ts';
export { verifyArtifactBundle, verifyArtifactSignature } from './verify.ts';
