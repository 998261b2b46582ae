import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type HashedDirectory, hashArtifact } from '../../artifact/index.ts';
import type { Digest } from '../../domain/index.ts';
import type { ApiClient, SubmissionBody } from '../client/api-client.ts';
import type { Upload } from '../client/upload.ts';
import { bytesText, percentText } from './bytes.ts';
import { fetchByUri } from './fetch-by-uri.ts';
import type { Progress } from './progress.ts';
import type { NamedFile, SubmitWish } from './wish.ts';

/** The digests of what was submitted; the server has all of the bytes. */
export interface SentFiles {
  readonly artifact: SubmissionBody['artifact'];
  readonly evidence: readonly { readonly name: string; readonly digest: Digest }[];
}

/** Hashes the files of a submission and uploads what the server lacks, all in flat memory; what has a URI the server fetches. */
export async function sendFiles(client: ApiClient, wish: SubmitWish, progress: Progress): Promise<SentFiles> {
  const { artifact } = wish;
  const local = 'path' in artifact ? await hashOne(artifact.path, progress) : artifact;
  const evidence: (NamedFile & Upload)[] = [];
  for (const file of wish.evidence)
    evidence.push({ ...file, ...toUpload(await hashOne(file.path, progress)) });
  await uploadMissing(client, [...('uri' in local ? [] : uploadsOf(local)), ...evidence], progress);
  return {
    artifact: 'uri' in local ? await fetchByUri(client, local, progress) : nameOf(local),
    evidence: evidence.map(({ name, digest }) => ({ name, digest })),
  };
}

function nameOf({ artifact, files }: Hashed): SubmissionBody['artifact'] {
  if (artifact.kind !== 'directory') return artifact.digest;
  return { files: files.map(({ name, digest }) => ({ name, digest })) };
}

/** What was hashed, and where it lies. */
type Hashed = HashedDirectory & { readonly path: string };

function toUpload({ path, artifact, bytes }: Hashed): Upload {
  return { path, digest: artifact.digest, bytes };
}

/** A directory's files each, or the file. */
function uploadsOf(hashed: Hashed): Upload[] {
  if (hashed.artifact.kind !== 'directory') return [toUpload(hashed)];
  return hashed.files.map(({ name, digest, bytes }) => ({ path: join(hashed.path, name), digest, bytes }));
}

async function hashOne(path: string, progress: Progress): Promise<Hashed> {
  const stats = await stat(path);
  const step = progress.begin(`hashing ${basename(path)}`);
  try {
    const far = (bytes: number) => (stats.isFile() ? percentText(bytes, stats.size) : bytesText(bytes));
    const hashed = await hashArtifact(path, { onProgress: (bytes) => step.note(far(bytes)) });
    await step.done(`hashed ${basename(path)}: ${hashed.artifact.digest} (${bytesText(hashed.bytes)})`);
    return { path, ...hashed };
  } catch (error) {
    await step.fail(`${basename(path)} could not be hashed`);
    throw error;
  }
}

async function uploadMissing(client: ApiClient, files: readonly Upload[], progress: Progress): Promise<void> {
  const distinct = [...new Map(files.map((file) => [file.digest, file])).values()];
  let uploaded = 0;
  for (const file of distinct) {
    if (await client.hasBlob(file.digest)) continue;
    await uploadOne(client, file, progress);
    uploaded++;
  }
  const rest = distinct.length - uploaded;
  const step = progress.begin('uploading');
  await step.done(
    `uploaded ${uploaded} ${uploaded === 1 ? 'file' : 'files'}; the server had ${rest} already`,
  );
}

async function uploadOne(client: ApiClient, file: Upload, progress: Progress): Promise<void> {
  const name = basename(file.path);
  const step = progress.begin(`uploading ${name}`);
  try {
    await client.putBlob(file, (sent) => step.note(percentText(sent, file.bytes)));
    await step.done(`uploaded ${name} (${bytesText(file.bytes)})`);
  } catch (error) {
    await step.fail(`${name} could not be uploaded`);
    throw error;
  }
}
