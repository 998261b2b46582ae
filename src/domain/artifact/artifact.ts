import { z } from 'zod';
import { Digest, digestOf, hexOf } from '../digest.ts';

const ARTIFACT_KINDS = ['file', 'directory', 'oci'] as const;

/** Another digest by which other tools know the same bytes; always computed by us, never claimed. */
const Equivalent = z.strictObject({
  scheme: z
    .enum(['oms_root', 'oci_manifest'])
    .describe(
      '`oms_root`: the subject digest of an OpenSSF model signature (v1.0, file granularity). `oci_manifest`: the digest of an OCI manifest.',
    ),
  digest: Digest.describe('The digest under that scheme.'),
});

/** A model's bytes. */
export const Artifact = z.strictObject({
  kind: z.enum(ARTIFACT_KINDS).describe('What the bytes are.'),
  digest: Digest.describe('SHA-256 of the bytes; of a directory, that of its list of names and digests.'),
  equivalents: z
    .array(Equivalent)
    .describe('Other digests of the same bytes, computed by us, each a subject of the statement too.'),
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
