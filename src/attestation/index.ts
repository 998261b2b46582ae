/**
 * Statements signed, and told from everything else.
 *
 * Whoever has no Countersign at hand can check a bundle with cosign (3.0.4 or later), without a network or the artifact's bytes:
 *
 *     cosign verify-blob-attestation --key worker.pub --bundle statement.sigstore.json \
 *       --type https://countersign.dev/stage-result/v1 --digest <64 hex digits> --digestAlg sha256 \
 *       --insecure-ignore-tlog
 *
 * `--type` is the statement's predicate type, `--digest` the artifact's SHA-256, `worker.pub` the PEM of `publicKey` in
 * `worker.pub.json`. The last flag is needed because our bundles carry no log entry: the ledger is ours. cosign tells
 * that this key signed this about these bytes; it knows neither key windows, nor who may sign what, nor what else the
 * ledger holds. Those are the judge's to weigh.
 */
export { SIGNING_PREDICATES } from './artifact-signature/in-toto.ts';
export {
  type ArtifactSignatureResult,
  type ArtifactSigner,
  type NamedArtifact,
  SIGNATURE_FAULTS,
  type SignatureFault,
  type SignatureKind,
  type SignedArtifact,
  type SignedDirectory,
} from './artifact-signature/result.ts';
export type {
  ArtifactKeySettings,
  ArtifactTrust,
  ArtifactTrustSettings,
} from './artifact-signature/trust.ts';
export { isErrno, replaceFile } from './create-file.ts';
export { verifiesFile } from './file-signature.ts';
export { loadOrCreateIdentity } from './identity-file.ts';
export { createSigningKey, type SigningKey } from './key.ts';
export { createKeyFiles } from './key-files.ts';
export { Unsigned } from './keyless/failure.ts';
export type { KeylessSettings, SigstoreServices, TokenSource } from './keyless/settings.ts';
export { readToken } from './keyless/token.ts';
export {
  type Checkpoint,
  type CheckpointResult,
  checkpointText,
  openCheckpoint,
  readCheckpoint,
} from './ledger/checkpoint.ts';
export { type LeafEntry, leafBytes, leafHash, readLeaf } from './ledger/entry.ts';
export { firstDifference } from './ledger/first-difference.ts';
export {
  type CompactRange,
  emptyRange,
  growRange,
  type HashedNode,
  rootOf,
  type TreeHash,
  type TreeNode,
} from './ledger/merkle.ts';
export { proveConsistency, proveInclusion, type ReadNodes, readRange } from './ledger/proof.ts';
export {
  entryBundle,
  hasTile,
  newTiles,
  nodesInTiles,
  parseTilePath,
  TILE_WIDTH,
  type Tile,
  tileBytes,
  tileNodes,
  tilePath,
} from './ledger/tile.ts';
export { provesConsistency, provesInclusion, type TreeHead } from './ledger/verify-proof.ts';
export { loadArtifactSignatures } from './load-artifact-signatures.ts';
export { loadKeylessSigning } from './load-keyless-signing.ts';
export { type LocalSigner, loadOrCreateSigner } from './local-signer.ts';
export type { PackageContents, PackedPolicy } from './package/contents.ts';
export { evidenceNamed } from './package/named-statement.ts';
export {
  EVIDENCE_MODES,
  EvidenceManifest,
  type EvidenceMode,
  MOST_EVIDENCE,
  type PackedEvidence,
} from './package/packed-evidence.ts';
export { readPackage } from './package/read-package.ts';
export { unlistedStatements } from './package/unlisted.ts';
export { writePackage } from './package/write-package.ts';
export { loadOrCreateSecret } from './private-file.ts';
export {
  type PublicFile,
  publicFolder,
  publicPath,
  readPublicFile,
  readPublicFiles,
  readPublicSigner,
  replacePublicFile,
  retiredPath,
  trustedSignerOf,
} from './public-file.ts';
export { notIncluded, RecordPackage } from './record-package.ts';
export { rememberingVerifier } from './remembering-verifier.ts';
export { type Rotation, rotateKey } from './rotate-key.ts';
export { type SignedStatement, signStatement } from './sign-statement.ts';
export { signSummary } from './sign-summary.ts';
export { documentProblem, signDocument } from './signed-document.ts';
export { loadSigner, type StatementSigner } from './signer.ts';
export { SUMMARY_TYPE, summaryOf } from './verification-summary.ts';
export { createVerifier, openVerifier, type StatementVerifier, type VerifyResult } from './verifier.ts';
