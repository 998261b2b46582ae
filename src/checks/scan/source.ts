import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { CountersignError } from '../../domain/index.ts';
import type { CheckFile } from '../contract.ts';
import { openEvidence } from '../evidence/file.ts';

/** Bytes of any size, read in ranges: never held whole. Reads are synchronous; a scan has its process to itself. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `offset` on, at most `length` of them: fewer only at the end. */
  read(offset: number, length: number): Buffer;
}

/** A source over a file, with the descriptor for readers that want that. */
export interface FileSource extends ByteSource {
  readonly descriptor: number;
}

/** Opens a file that was handed over, after hashing it: what `use` reads are the bytes of its digest. */
export async function withFile<T>(file: CheckFile, use: (source: FileSource) => Promise<T>): Promise<T> {
  const opened = await openEvidence(file);
  try {
    const descriptor = openSync(opened.path, constants.O_RDONLY);
    try {
      return await use(fileSource(descriptor));
    } finally {
      closeSync(descriptor);
    }
  } finally {
    await opened.close();
  }
}

/** A source over bytes in memory. */
export function bufferSource(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(Math.min(offset, bytes.length), offset + length),
  };
}

/** A part of a source, as a source. */
export function slice(source: ByteSource, start: number, size: number): ByteSource {
  return {
    size,
    read: (offset, length) => source.read(start + offset, Math.max(0, Math.min(length, size - offset))),
  };
}

function fileSource(descriptor: number): FileSource {
  const { size } = fstatSync(descriptor);
  return {
    size,
    descriptor,
    read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const bytes = Buffer.allocUnsafe(wanted);
      for (let done = 0; done < wanted; ) {
        const count = readSync(descriptor, bytes, done, wanted - done, offset + done);
        if (count === 0) throw new CountersignError('conflict', 'the artifact shrank while it was scanned');
        done += count;
      }
      return bytes;
    },
  };
}
