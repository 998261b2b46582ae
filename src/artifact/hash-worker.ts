import { parentPort } from 'node:worker_threads';
import { CountersignError } from '../domain/index.ts';
import { hashFile } from './hash-file.ts';
import type { Answer } from './hash-pool.ts';

/** Bytes after which the other side is told that it goes on. */
const TELL_EVERY = 32 * 1024 * 1024;

const port = parentPort;
port?.on('message', async (path: string) => port.postMessage(await answerTo(path)));

async function answerTo(path: string): Promise<Answer> {
  let told = 0;
  try {
    const hashed = await hashFile(path, (bytes) => {
      if (bytes - told < TELL_EVERY) return;
      port?.postMessage({ kind: 'read', bytes: bytes - told } satisfies Answer);
      told = bytes;
    });
    return { kind: 'hashed', hashed, untold: hashed.bytes - told };
  } catch (error) {
    // A class does not survive the way between threads.
    if (!(error instanceof CountersignError)) throw error;
    const { code, message, problems } = error;
    return { kind: 'refused', code, message, problems: [...problems] };
  }
}
