import type { Entry } from 'yauzl';
import type { ByteSource } from '../source.ts';

/** The header before an entry's data, which readers in a stream believe, and others do not look at. */
export interface LocalHeader {
  /** Where it begins, and where the entry's data does. */
  readonly start: number;
  readonly dataStart: number;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly name: Buffer;
  /** Whether sum and sizes stand behind the data. */
  readonly hasDescriptor: boolean;
}

const HEADER = 30;
const DESCRIPTOR = 0x0008;
/** Compression level, data descriptor, UTF-8 names. All others mean encryption, patches or what nobody knows. */
const KNOWN_FLAGS = 0x080e;
const IN_EXTRA_FIELD = 0xffffffff;

/** Reads the header at an offset; or tells that there is none. */
export function readLocalHeader(source: ByteSource, start: number): LocalHeader | string {
  const bytes = source.read(start, HEADER);
  if (bytes.length < HEADER || bytes.readUInt32LE(0) !== 0x04034b50)
    return 'has no header where the directory says';
  const flags = bytes.readUInt16LE(6);
  const nameLength = bytes.readUInt16LE(26);
  return {
    start,
    dataStart: start + HEADER + nameLength + bytes.readUInt16LE(28),
    flags,
    method: bytes.readUInt16LE(8),
    crc32: bytes.readUInt32LE(14),
    compressedSize: bytes.readUInt32LE(18),
    size: bytes.readUInt32LE(22),
    name: source.read(start + HEADER, nameLength),
    hasDescriptor: (flags & DESCRIPTOR) !== 0,
  };
}

/** What an entry's header and the directory disagree about, or what no entry should have. */
export function headerProblem(entry: Entry, header: LocalHeader): string | undefined {
  if (!header.name.equals(entry.fileNameRaw)) return 'has another name in its header';
  if (/\p{Cc}/u.test(entry.fileName)) return 'has a control character in its name';
  if (header.flags !== entry.generalPurposeBitFlag) return 'has other flags in its header';
  if ((header.flags & ~KNOWN_FLAGS) !== 0) return 'is encrypted, or of a kind that is not known';
  if (header.method !== entry.compressionMethod) return 'is packed in another way in its header';
  if (header.method !== 0 && header.method !== 8) return 'is packed in an unknown way';
  if (header.method === 0 && entry.compressedSize !== entry.uncompressedSize)
    return 'is not packed, and says that it has two sizes';
  if (header.hasDescriptor) return undefined;
  if (header.crc32 !== entry.crc32) return 'has another checksum in its header';
  const agree = (said: number, known: number) => said === known || said === IN_EXTRA_FIELD;
  if (agree(header.compressedSize, entry.compressedSize) && agree(header.size, entry.uncompressedSize))
    return undefined;
  return 'has another size in its header';
}
