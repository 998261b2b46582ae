/** Signatures of artifacts by others: Sigstore bundles, OpenSSF model signatures, bare signatures of cosign. */
export { readArtifactTrust } from './trust.ts';
export { verifyArtifactBundle, verifyArtifactSignature } from './verify.ts';
