import { z } from 'zod';
import { Digest, digestOf, hexOf } from '../digest.ts';
import type { Artifact } from './artifact.ts';

const NAME = /^(?!.*[\p{Cc}\\])(?!\/)(?!(?:.*\/)?\.{0,2}(?:\/|$)).{1,1024}$/u;

/** A file within a directory. */
export const DirectoryFile = z.strictObject({
  name: z
    .string()
    .regex(NAME, 'expected a path from the directory down, parts joined by /, without . and ..')
    .describe('Its path from the directory down, parts joined by `/`.'),
  digest: Digest.describe('SHA-256 of its bytes.'),
});
export type DirectoryFile = Readonly<z.infer<typeof DirectoryFile>>;

const LEFT_OUT_BY_OMS = ['.git', '.gitattributes', '.github', '.gitignore'];

/** Whether a file of a directory is at a place that an OpenSSF model signature leaves out unless it is told otherwise. */
export function isLeftOutBySignatures(name: string): boolean {
  return LEFT_OUT_BY_OMS.includes(name.split('/')[0] ?? '');
}

/**
 * The artifact that a directory is. Its digest binds the name and the bytes of every file: it is the SHA-256 of what
 * `sha256sum` prints for them in the byte order of their names, which Go knows as the `h1` of a directory. Empty
 * directories, times and permissions are no part of it.
 *
 * @param signature name of an OpenSSF model signature in the directory, which that signature cannot cover
 */
export function directoryArtifact(
  files: readonly DirectoryFile[],
  signature: string | null = null,
): Artifact {
  return {
    kind: 'directory',
    digest: digestOf(listingOf(files)),
    equivalents: [{ scheme: 'oms_root', digest: omsRoot(files, signature) }],
  };
}

/** What `sha256sum` prints for a directory's files in the byte order of their names: its digest is the directory's. */
export function listingOf(files: readonly DirectoryFile[]): string {
  return [...files]
    .sort(byName)
    .map(({ name, digest }) => `${hexOf(digest)}  ${name}\n`)
    .join('');
}

/** The files that such a list names; null for a text that is no such list of at least one file. */
export function readListing(text: string): DirectoryFile[] | null {
  const files: DirectoryFile[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const file = DirectoryFile.safeParse({ digest: `sha256:${line.slice(0, 64)}`, name: line.slice(66) });
    if (!file.success) return null;
    files.push(file.data);
  }
  return files.length > 0 && listingOf(files) === text ? files : null;
}

/**
 * The subject digest of an OpenSSF model signature of these files: SHA-256 over their raw digests, in the order of
 * the parts of their paths. It binds neither names nor what such signatures leave out.
 */
function omsRoot(files: readonly DirectoryFile[], signature: string | null): Digest {
  const signed = files.filter(({ name }) => name !== signature && !isLeftOutBySignatures(name));
  const digests = signed.sort(byParts).map(({ digest }) => Buffer.from(hexOf(digest), 'hex'));
  return digestOf(Buffer.concat(digests));
}

function byName(one: DirectoryFile, other: DirectoryFile): number {
  return Buffer.compare(Buffer.from(one.name), Buffer.from(other.name));
}

/** `a/x` before `a-b/x`, although `-` comes before `/`. */
function byParts(one: DirectoryFile, other: DirectoryFile): number {
  const [parts, others] = [one.name.split('/'), other.name.split('/')];
  const place = parts.findIndex((part, index) => part !== others[index]);
  return Buffer.compare(Buffer.from(parts[place] ?? ''), Buffer.from(others[place] ?? ''));
}
