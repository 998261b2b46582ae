import { z } from 'zod';
import { Digest, digestOf, digestOfJson, EvidenceName, hexOf } from '../../domain/index.ts';
import { canonicalJson, type Problem } from '../../lib/index.ts';
import type { NamedStatement } from './named-statement.ts';
import type { PackedFile } from './tar.ts';

/** What one run was submitted with, as its statements name it: their `evidence` is the SHA-256 of its canonical JSON. */
export const EvidenceManifest = z.array(z.strictObject({ name: EvidenceName, digest: Digest }));
export type EvidenceManifest = z.infer<typeof EvidenceManifest>;

/** Whether the documents came along or only their digests. */
export const EVIDENCE_MODES = ['inline', 'digest'] as const;
export type EvidenceMode = (typeof EVIDENCE_MODES)[number];

/** The evidence in a package. */
export interface PackedEvidence {
  readonly mode: EvidenceMode;
  readonly manifests: readonly EvidenceManifest[];
  /** Every document that the manifests name where the mode is `inline`, none otherwise. */
  readonly documents: readonly Buffer[];
}

/** How many bytes of evidence a package holds at most. */
export const MOST_EVIDENCE = 256 * 1024 * 1024;

const MANIFESTS = 'evidence/manifests/';
const DOCUMENTS = 'evidence/documents/';

/** The files of evidence, each under the digest of its bytes and in the order of digests. */
export function evidenceFiles({ manifests, documents }: PackedEvidence): PackedFile[] {
  const listed = manifests.map((manifest) => Buffer.from(canonicalJson(manifest)));
  return [...byDigest(MANIFESTS, '.json', listed), ...byDigest(DOCUMENTS, '', documents)];
}

function byDigest(folder: string, ending: string, contents: readonly Buffer[]): PackedFile[] {
  const files = contents.map((bytes) => [hexOf(digestOf(bytes)), bytes] as const);
  return [...new Map(files)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([hex, bytes]) => ({ path: `${folder}${hex}${ending}`, bytes }));
}

/** Where a document lies in a package that holds it. */
export function documentPath(digest: Digest): string {
  return `${DOCUMENTS}${hexOf(digest)}`;
}

/** Where the evidence and the statements of a package do not fit each other; empty where they do. */
export function evidenceProblems(evidence: PackedEvidence, statements: readonly NamedStatement[]): Problem[] {
  const { mode, manifests, documents } = evidence;
  const signed = new Set(statements.flatMap(({ evidence: named }) => named?.manifest ?? []));
  const listed = new Set(manifests.map(digestOfJson));
  const wanted = new Set(mode === 'digest' ? [] : manifests.flat().map(({ digest }) => digest));
  const held = new Set(documents.map(digestOf));
  const manifestPath = (digest: Digest) => `${MANIFESTS}${hexOf(digest)}.json`;
  return [
    ...stray(signed, listed, manifestPath, 'it is missing, and a statement names it'),
    ...stray(listed, signed, manifestPath, 'no statement names it'),
    ...stray(wanted, held, documentPath, 'it is missing, and a manifest names it'),
    ...stray(
      held,
      wanted,
      documentPath,
      mode === 'digest' ? 'this package has evidence by digest' : 'no manifest names it',
    ),
  ];
}

/** A problem for each digest of some that is not among others. */
function stray(
  digests: ReadonlySet<Digest>,
  others: ReadonlySet<Digest>,
  pathOf: (digest: Digest) => string,
  message: string,
): Problem[] {
  return [...digests]
    .filter((digest) => !others.has(digest))
    .map((digest) => ({ where: pathOf(digest), message }));
}
