import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckArtifact } from '../../../src/checks/index.ts';
import { directoryArtifact } from '../../../src/domain/index.ts';
import { fileOf, temporaryFolder } from './workspace.ts';

/** A directory as checks are given it: its files lie elsewhere under names of the store's, and are handed over with theirs. */
export async function directoryOf(
  content: Readonly<Record<string, string | Uint8Array>>,
): Promise<CheckArtifact> {
  const folder = join(await temporaryFolder(), 'blobs');
  await mkdir(folder);
  const files = await Promise.all(
    Object.entries(content).map(async ([name, bytes], index) => ({
      name,
      ...(await fileOf(folder, `${index}`, bytes)),
    })),
  );
  return { path: '/nonexistent', digest: directoryArtifact(files).digest, files };
}
