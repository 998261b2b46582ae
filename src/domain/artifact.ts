import { z } from 'zod';
import { Digest, digestOf, hexOf } from './digest.ts';

export const ARTIFACT_KINDS = ['file', 'directory', 'oci'] as const;

/** Another digest by which other tools know the same bytes; always computed by us, never claimed. */
export const Equivalent = z.strictObject({
  /** `oms_root`: the subject digest of an OpenSSF model signature (v1.0, file granularity). */
  scheme: z.enum(['oms_root', 'oci_manifest']),
  digest: Digest,
});
export type Equivalent = z.infer<typeof Equivalent>;

/** A model's bytes. */
export const Artifact = z.strictObject({
  kind: z.enum(ARTIFACT_KINDS),
  digest: Digest,
  equivalents: z.array(Equivalent),
});
export type Artifact = z.infer<typeof Artifact>;

/**
 * The artifact that a single file is. An OpenSSF model signature of one file has one resource, so its root is the
 * SHA-256 of the file's raw SHA-256.
 */
export function fileArtifact(digest: Digest): Artifact {
  const root = digestOf(Buffer.from(hexOf(digest), 'hex'));
  return { kind: 'file', digest, equivalents: [{ scheme: 'oms_root', digest: root }] };
}
