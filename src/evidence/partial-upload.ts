import { constants } from 'node:fs';
import { chmod, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { hashFile } from '../artifact/index.ts';
import { CountersignError, type Digest } from '../domain/index.ts';
import { settle, sizeOf } from './durable.ts';

/** One piece of an upload. */
export interface Piece {
  /** Where it begins: as many bytes as are there already. */
  readonly offset: number;
  /** Bytes of the whole upload. */
  readonly total: number;
}

/** What became of a piece. */
export interface PieceResult {
  /** Bytes that are there now; the next piece begins here. */
  readonly offset: number;
  /** Whether the upload is whole: hashed, and stored under its digest. */
  readonly stored: boolean;
}

/** Files that a request of this process is writing to. */
const busy = new Set<string>();

/**
 * Adds a piece to what is there of an upload. A connection that breaks leaves what had come, and the next piece goes on
 * from there. The last piece has the whole hashed: other bytes than those announced are thrown away.
 *
 * @throws CountersignError `conflict` for a piece that does not begin where the last one ended; `too_large` for more
 *   bytes than announced; `digest_mismatch`
 */
export async function addPiece(
  { partial, final, announced }: { partial: string; final: string; announced: Digest },
  piece: Piece,
  bytes: AsyncIterable<Uint8Array>,
): Promise<PieceResult> {
  if (busy.has(partial)) throw new CountersignError('conflict', 'another request is sending these bytes');
  busy.add(partial);
  try {
    const offset = await append(partial, piece, bytes);
    if (offset < piece.total) return { offset, stored: false };
    await finish(partial, final, announced);
    return { offset, stored: true };
  } finally {
    busy.delete(partial);
  }
}

async function append(
  path: string,
  { offset, total }: Piece,
  bytes: AsyncIterable<Uint8Array>,
): Promise<number> {
  const there = (await sizeOf(path)) ?? 0;
  if (there !== offset)
    throw new CountersignError('conflict', `${there} bytes are there: send the rest from there on`);
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600);
  let end = offset;
  const meter = new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => {
      end += chunk.byteLength;
      if (end > total) done(new CountersignError('too_large', `more than the ${total} bytes announced`));
      else done(null, chunk);
    },
  });
  await pipeline(bytes, meter, file.createWriteStream({ start: offset }));
  return end;
}

async function finish(partial: string, final: string, announced: Digest): Promise<void> {
  const { digest } = await hashFile(partial);
  if (digest !== announced) {
    await rm(partial, { force: true });
    throw mismatch(announced, digest);
  }
  await chmod(partial, 0o444);
  await settle(partial, final);
}

/** Other bytes came than were announced. */
export function mismatch(announced: Digest, found: Digest): CountersignError {
  return new CountersignError(
    'digest_mismatch',
    `the bytes have digest ${found}, but ${announced} was announced`,
    {
      problems: [
        {
          where: 'body',
          message: `expected ${announced}, got ${found}`,
          fix: 'send the file again; nothing was stored',
        },
      ],
    },
  );
}
