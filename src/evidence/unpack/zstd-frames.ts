import { CountersignError } from '../../domain/index.ts';
import type { ByteReader } from './byte-reader.ts';

/** First bytes of a frame, as a number. */
const MAGIC = 0xfd2fb528;
/** Those of a frame for others to skip, such as the table that zstd:chunked adds; the last four bits are anything. */
const SKIPPABLE = 0x184d2a50;
/** A block that is one byte, many times. */
const REPEATED = 1;

/**
 * The frames of zstd data (RFC 8878), without those that are to be skipped. Each is to be read whole before the next is asked for.
 *
 * @throws CountersignError `invalid_input` for anything between them or behind
 */
export async function* zstdFrames(reader: ByteReader): AsyncGenerator<AsyncIterable<Uint8Array>> {
  for (let magic = await reader.take(4); magic.length > 0; magic = await reader.take(4)) {
    const number = magic.length < 4 ? 0 : magic.readUInt32LE();
    if (number === MAGIC) yield frameOf(reader, magic);
    else if ((number & 0xfffffff0) >>> 0 === SKIPPABLE) await skip(reader);
    else throw new CountersignError('invalid_input', 'the archive is no whole zstd data: a frame is none');
  }
}

async function* frameOf(reader: ByteReader, magic: Buffer): AsyncGenerator<Uint8Array> {
  const start = await reader.take(1, 'all');
  const descriptor = start.readUInt8();
  yield Buffer.concat([magic, start, await reader.take(headerRest(descriptor), 'all')]);
  for (let isLast = false; !isLast; ) {
    const head = await reader.take(3, 'all');
    const block = head.readUIntLE(0, 3);
    isLast = (block & 1) === 1;
    yield head;
    yield* reader.stream(((block >> 1) & 3) === REPEATED ? 1 : block >> 3);
  }
  const hasChecksum = (descriptor & 4) !== 0;
  if (hasChecksum) yield await reader.take(4, 'all');
}

/** Bytes of a frame's header behind its descriptor: of its window, its dictionary's name and its size. */
function headerRest(descriptor: number): number {
  const isOneSegment = (descriptor & 0x20) !== 0;
  const size = [isOneSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  return (isOneSegment ? 0 : 1) + dictionary + size;
}

async function skip(reader: ByteReader): Promise<void> {
  const size = (await reader.take(4, 'all')).readUInt32LE();
  for await (const _ of reader.stream(size)) {
    // It is for others.
  }
}
