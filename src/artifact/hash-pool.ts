import type { Worker } from 'node:worker_threads';
import { Digest } from '../domain/index.ts';
import { type HashedFile, hashFile, type OnBytes } from './hash-file.ts';

/** What a worker says: that it has read more of its file, or what came of it. */
export type Answer =
  | { readonly kind: 'read'; readonly bytes: number }
  | { readonly kind: 'hashed'; readonly hex: string; readonly bytes: number; readonly untold: number }
  | { readonly kind: 'failed' };

/** A file to hash and how large it was when it was found. */
export interface FileToHash {
  readonly path: string;
  readonly bytes: number;
}

const ENTRY = new URL(`./hash-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
/** Below this, starting threads takes longer than hashing. */
const WORTH_THREADS = 64 * 1024 * 1024;

/** Hashes files, in several threads where that is worth it. Results are in the order of the files. */
export async function hashFiles(
  files: readonly FileToHash[],
  threads: number,
  onProgress: OnBytes,
): Promise<readonly HashedFile[]> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const count = total < WORTH_THREADS ? 1 : Math.min(threads, files.length);
  return count < 2 ? hashHere(files, onProgress) : hashInThreads(files, count, onProgress);
}

async function hashHere(files: readonly FileToHash[], onProgress: OnBytes): Promise<HashedFile[]> {
  const hashed: HashedFile[] = [];
  let before = 0;
  for (const { path } of files) {
    const one = await hashFile(path, (bytes) => onProgress(before + bytes));
    before += one.bytes;
    hashed.push(one);
  }
  return hashed;
}

/** The largest first, so that no thread is left alone with one at the end. Threads are loaded here: few need them. */
async function hashInThreads(
  files: readonly FileToHash[],
  count: number,
  onProgress: OnBytes,
): Promise<HashedFile[]> {
  const { Worker } = await import('node:worker_threads');
  const results = new Array<HashedFile>(files.length);
  const order = files.map((_, index) => index).sort((a, b) => sizeOf(files, b) - sizeOf(files, a));
  const workers = Array.from({ length: count }, () => new Worker(ENTRY));
  let read = 0;
  const onRead = (bytes: number) => {
    read += bytes;
    onProgress(read);
  };
  const work = async (worker: Worker) => {
    for (let index = order.shift(); index !== undefined; index = order.shift()) {
      results[index] = await hashIn(worker, files[index]?.path ?? '', onRead);
    }
  };
  try {
    await Promise.all(workers.map(work));
    return results;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function sizeOf(files: readonly FileToHash[], index: number): number {
  return files[index]?.bytes ?? 0;
}

/** What a worker could not hash is tried again here, where it can be said what is wrong with it. */
async function hashIn(worker: Worker, path: string, onRead: OnBytes): Promise<HashedFile> {
  const { promise, resolve, reject } = Promise.withResolvers<HashedFile>();
  const listener = (answer: Answer) => {
    if (answer.kind === 'read') return onRead(answer.bytes);
    if (answer.kind === 'failed') return resolve(hashFile(path));
    onRead(answer.untold);
    resolve({ digest: Digest.parse(`sha256:${answer.hex}`), bytes: answer.bytes });
  };
  worker.on('message', listener).on('error', reject);
  worker.postMessage(path);
  try {
    return await promise;
  } finally {
    worker.off('message', listener).off('error', reject);
  }
}
