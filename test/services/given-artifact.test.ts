import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DirectoryFile, digestOf, directoryArtifact, listingOf } from '../../src/domain/index.ts';
import { type BlobStore, createBlobStore } from '../../src/evidence/index.ts';
import { givenArtifact } from '../../src/services/given-artifact.ts';
import type { Run } from '../../src/storage/index.ts';

let folder: string;
let blobs: BlobStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-given-'));
  blobs = createBlobStore(folder, randomUUID);
});
afterEach(() => rm(folder, { recursive: true }));

async function directoryOf(text: string): Promise<DirectoryFile[]> {
  const file = { name: 'model.pkl', digest: digestOf(text) };
  for (const stored of [text, listingOf([file])])
    await blobs.put(digestOf(stored), Readable.from([Buffer.from(stored)]), 1e6);
  return [file];
}

it('gives checks the files of the directory whose digest is signed, and no others that somebody lists in its place', async () => {
  const [evil, benign] = [await directoryOf('evil pickle'), await directoryOf('benign')];
  const artifact = directoryArtifact(evil, 'model.sig');
  const given = () => givenArtifact(blobs, { artifact, missingBytes: null } as Run);
  expect((await given()).artifact).toMatchObject({ files: evil });
  const path = await blobs.pathOf(artifact.digest);
  await chmod(path, 0o644);
  await writeFile(path, listingOf(benign));
  await expect(given()).rejects.toMatchObject({
    code: 'integrity',
    message: expect.stringContaining('or another one'),
  });
});
