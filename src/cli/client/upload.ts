import { open } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { CountersignError, type Digest } from '../../domain/index.ts';
import { MINUTE, SECOND } from '../../lib/index.ts';
import { ask, type Server } from './transport.ts';

/** A file to be uploaded, as hashed. */
export interface Upload {
  readonly path: string;
  readonly digest: Digest;
  readonly bytes: number;
}

/** An upload may take as long as it moves. */
const STANDSTILL_LIMIT = MINUTE;
/** Attempts that get no further, one after the other, before it is given up. */
const ATTEMPTS = 6;

/** Whether the server has the bytes already. */
export async function hasBlob(server: Server, digest: Digest): Promise<boolean> {
  return (await lookFor(server, digest)).stored;
}

/**
 * Streams a file to the server in flat memory; `onBytes` is told how much has gone. Where the connection breaks it goes
 * on from what has come.
 *
 * @param wait milliseconds before the second attempt, twice as many before each that follows
 * @throws CountersignError `digest_mismatch` when the file is no longer what was hashed
 */
export async function putBlob(
  server: Server,
  upload: Upload,
  onBytes: (sent: number) => void,
  wait: number = SECOND,
): Promise<void> {
  let [reached, failures] = [0, 0];
  for (;;) {
    try {
      const { stored, offset } = await lookFor(server, upload.digest);
      if (offset > reached) [reached, failures] = [offset, 0];
      return stored ? undefined : await sendRest(server, upload, offset, onBytes);
    } catch (error) {
      failures++;
      if (!isPassing(error) || failures === ATTEMPTS) throw error;
      await pause(wait * 2 ** (failures - 1));
    }
  }
}

/** The line broke, or the server has not noticed yet that it did. */
function isPassing(error: unknown): boolean {
  return error instanceof CountersignError && (error.code === 'unavailable' || error.code === 'conflict');
}

/** Whether the bytes are there, or how many of them. */
async function lookFor(server: Server, digest: Digest): Promise<{ stored: boolean; offset: number }> {
  const response = await ask(server, `/api/v1/blobs/${digest}`, { method: 'HEAD', accept: [404] });
  return { stored: response.ok, offset: Number(response.headers.get('upload-offset') ?? 0) };
}

async function sendRest(
  server: Server,
  { path, digest, bytes }: Upload,
  offset: number,
  onBytes: (sent: number) => void,
): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(new DOMException('', 'TimeoutError')), STANDSTILL_LIMIT);
  let sent = offset;
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      timer.refresh();
      sent += chunk.byteLength;
      onBytes(sent);
      done(null, chunk);
    },
  });
  await using file = await open(path);
  try {
    const stream = file.createReadStream({ start: offset, autoClose: false }).pipe(meter);
    await ask(server, `/api/v1/blobs/${digest}`, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/octet-stream',
        'upload-offset': `${offset}`,
        'upload-length': `${bytes}`,
      },
      body: bytes === offset ? '' : (Readable.toWeb(stream) as ReadableStream<Uint8Array>),
      signal: stall.signal,
    });
  } finally {
    clearTimeout(timer);
    meter.destroy();
  }
}
