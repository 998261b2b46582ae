import { createHash, type Hash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CountersignError, type Digest } from '../domain/index.ts';
import { settle } from './durable.ts';

/** Bytes that we fetch ourselves. */
export interface Incoming {
  /** What they must hash to; null where that is to be found out. */
  readonly announced: Digest | null;
  /** How many they are; null where that is not known before. */
  readonly size: number | null;
  /** Most bytes that are taken. */
  readonly limit: number;
  /** Opens them from an offset on; the answer says where they begin in fact. */
  open(offset: number): Promise<{ readonly offset: number; readonly bytes: AsyncIterable<Uint8Array> }>;
  /** Ends it early: nothing is tried again then. */
  readonly signal: AbortSignal;
  /** Told how many are there now. */
  onBytes(bytes: number): void;
}

/** Where they go: a file of this call's own to write to, and the file under whose name they last. */
export interface Landing {
  readonly partial: string;
  /** What an earlier call left. It is read and not written to: whoever left it may be at work still. */
  readonly earlier: string | null;
  readonly final: (digest: Digest) => string;
}

/** Attempts that get no further, one after the other, before it is given up. */
const ATTEMPTS = 4;
/** Milliseconds, twice as many before each further attempt. */
const PAUSE = 100;

/**
 * Fetches bytes, hashing them as they come, in flat memory. A connection that breaks is taken up again where it ended; what an
 * earlier process left is gone on with where the digest is known, which then tells whether the pieces belong together.
 *
 * @throws CountersignError `digest_mismatch`, with nothing stored; `too_large`; what `open` throws
 */
export async function receive(
  landing: Landing,
  incoming: Incoming,
): Promise<{ digest: Digest; bytes: number }> {
  const { partial, earlier, final } = landing;
  await mkdir(dirname(partial), { recursive: true });
  const found = await take(landing, incoming);
  if (earlier !== null) await rm(earlier, { force: true });
  if (incoming.announced !== null && found.digest !== incoming.announced) {
    await rm(partial, { force: true });
    const { digest } = found;
    throw new CountersignError(
      'digest_mismatch',
      `the bytes have digest ${digest}, but ${incoming.announced} was announced`,
    );
  }
  await chmod(partial, 0o444);
  await settle(partial, final(found.digest));
  return found;
}

async function take(
  { partial, earlier }: Landing,
  incoming: Incoming,
): Promise<{ digest: Digest; bytes: number }> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
  await using file = await open(partial, flags, 0o600);
  const state: State = { file, hash: createHash('sha256'), bytes: 0 };
  if (earlier !== null) for await (const chunk of createReadStream(earlier)) await add(state, chunk);
  for (let failures = 0; ; ) {
    const before = state.bytes;
    try {
      await append(state, incoming);
      return { digest: `sha256:${state.hash.digest('hex')}` as Digest, bytes: state.bytes };
    } catch (error) {
      failures = state.bytes > before ? 1 : failures + 1;
      if (!isPassing(error) || failures === ATTEMPTS || incoming.signal.aborted) throw error;
      await pause(PAUSE * 2 ** failures);
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof CountersignError && error.code === 'unavailable';
}

/** What has come so far. A failure leaves it true. */
interface State {
  readonly file: FileHandle;
  hash: Hash;
  bytes: number;
}

async function append(state: State, { open: begin, size, limit, onBytes }: Incoming): Promise<void> {
  if (size !== null && size > 0 && state.bytes === size) return;
  const { offset, bytes } = await begin(state.bytes);
  if (offset !== state.bytes) {
    await state.file.truncate(0);
    Object.assign(state, { hash: createHash('sha256'), bytes: 0 });
  }
  for await (const chunk of bytes) {
    if (state.bytes + chunk.byteLength > limit)
      throw new CountersignError('too_large', `more than the ${limit} bytes that are taken`);
    await add(state, chunk);
    onBytes(state.bytes);
  }
}

async function add(state: State, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.byteLength; ) {
    const { bytesWritten } = await state.file.write(
      chunk,
      written,
      chunk.byteLength - written,
      state.bytes + written,
    );
    written += bytesWritten;
  }
  state.hash.update(chunk);
  state.bytes += chunk.byteLength;
}
