import { lstat } from 'node:fs/promises';
import { fileArtifact } from '../domain/index.ts';
import { type HashDirectoryOptions, type HashedDirectory, hashDirectory } from './hash-directory.ts';
import { hashFile } from './hash-file.ts';

/**
 * Hashes whatever a path leads to, a file or a directory; of a file there are no files.
 *
 * @throws CountersignError as `hashFile` and `hashDirectory` do
 */
export async function hashArtifact(
  path: string,
  options: HashDirectoryOptions = {},
): Promise<HashedDirectory> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isDirectory()) return hashDirectory(path, options);
  const { digest, bytes } = await hashFile(path, options.onProgress);
  return { artifact: fileArtifact(digest), bytes, files: [] };
}
