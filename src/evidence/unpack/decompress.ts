import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { CountersignError } from '../../domain/index.ts';
import type { Packing } from '../sources/source.ts';
import { ByteReader } from './byte-reader.ts';
import { zstdFrames } from './zstd-frames.ts';

/**
 * The bytes of an archive, whatever it is packed by: of all members and frames, to the last packed byte.
 *
 * @param bytes how many packed ones there are
 * @throws CountersignError `invalid_input` for what is damaged, or is followed by something else
 */
export async function* decompress(
  packed: Readable,
  bytes: number,
  compression: Packing['compression'],
): AsyncGenerator<Uint8Array> {
  try {
    if (compression === 'none') yield* packed;
    else if (compression === 'gzip') yield* gunzip(packed, bytes);
    else yield* unzstd(packed, bytes);
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (!/^Z(?:STD)?_/.test(code)) throw cause;
    throw new CountersignError('invalid_input', `the archive is no whole ${compression} data`, { cause });
  }
}

/** All members of gzip data. What follows a zero byte is passed over without a word, and some readers would go on there. */
async function* gunzip(packed: Readable, bytes: number): AsyncGenerator<Uint8Array> {
  const unpacker = createGunzip();
  // Whoever reads hears of what goes wrong.
  pipeline(packed, unpacker, () => undefined);
  yield* unpacker;
  if (unpacker.bytesWritten !== bytes)
    throw new CountersignError('invalid_input', 'the archive is gzip data with something behind its end');
}

/** All frames of zstd data, one by one: the decompressor ends at the end of the first, and says nothing of the others. */
async function* unzstd(packed: Readable, bytes: number): AsyncGenerator<Uint8Array> {
  for await (const frame of zstdFrames(new ByteReader(packed, bytes))) {
    const unpacker = createZstdDecompress();
    pipeline(frame, unpacker, () => undefined);
    yield* unpacker;
  }
}
