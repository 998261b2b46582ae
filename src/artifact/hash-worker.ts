import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { Answer } from './hash-pool.ts';

// Nothing of ours is loaded here, so that a thread starts at once; and reading waits for nobody: the other threads
// have files of their own to go on with.

/** Fits into a processor's own cache, where it is hashed right after it was read. */
const CHUNK_BYTES = 256 * 1024;
/** Bytes after which the other side is told that it goes on. */
const TELL_EVERY = 32 * 1024 * 1024;
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
const port = parentPort;
const tell = (answer: Answer) => port?.postMessage(answer);

port?.on('message', (path: string) => {
  try {
    tell(hash(path));
  } catch {
    tell({ kind: 'failed' });
  }
});

function hash(path: string): Answer {
  const file = openSync(path, FLAGS);
  try {
    const before = fstatSync(file, { bigint: true });
    const read = before.isFile() ? digestOf(file) : undefined;
    const after = fstatSync(file, { bigint: true });
    const isWhole = after.mtimeNs === before.mtimeNs && after.size === BigInt(read?.bytes ?? -1);
    return read !== undefined && isWhole ? { kind: 'hashed', ...read } : { kind: 'failed' };
  } finally {
    closeSync(file);
  }
}

function digestOf(file: number) {
  const sha256 = createHash('sha256');
  let [bytes, told] = [0, 0];
  for (;;) {
    const count = readSync(file, chunk, 0, CHUNK_BYTES, null);
    if (count === 0) return { hex: sha256.digest('hex'), bytes, untold: bytes - told };
    sha256.update(chunk.subarray(0, count));
    bytes += count;
    if (bytes - told < TELL_EVERY) continue;
    tell({ kind: 'read', bytes: bytes - told });
    told = bytes;
  }
}
