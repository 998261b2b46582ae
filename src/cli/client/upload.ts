import { open } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import type { Digest } from '../../domain/index.ts';
import { MINUTE } from '../../lib/index.ts';
import { ask, type Server } from './transport.ts';

/** A file to be uploaded, as hashed. */
export interface Upload {
  readonly path: string;
  readonly digest: Digest;
  readonly bytes: number;
}

/** An upload may take as long as it moves. */
const STANDSTILL_LIMIT = MINUTE;

/** Whether the server has the bytes already. */
export async function hasBlob(server: Server, digest: Digest): Promise<boolean> {
  const response = await ask(server, `/api/v1/blobs/${digest}`, { method: 'HEAD', accept: [404] });
  return response.ok;
}

/**
 * Streams a file to the server in flat memory; `onBytes` is told how much has gone.
 * @throws CountersignError `digest_mismatch` when the file is no longer what was hashed
 */
export async function putBlob(
  server: Server,
  { path, digest, bytes }: Upload,
  onBytes: (sent: number) => void,
): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(new DOMException('', 'TimeoutError')), STANDSTILL_LIMIT);
  let sent = 0;
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
    const stream = file.createReadStream({ autoClose: false }).pipe(meter);
    await ask(server, `/api/v1/blobs/${digest}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes === 0 ? '' : (Readable.toWeb(stream) as ReadableStream<Uint8Array>),
      signal: stall.signal,
    });
  } finally {
    clearTimeout(timer);
    meter.destroy();
  }
}
