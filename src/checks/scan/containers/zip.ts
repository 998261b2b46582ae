import { crc32, inflateRawSync } from 'node:zlib';
import yauzl, { type Entry } from 'yauzl';
import type { CheckProblem } from '../../../domain/index.ts';
import { quoted } from '../../report.ts';
import { fault } from '../finding.ts';
import { type ByteSource, bufferSource, type FileSource, slice } from '../source.ts';
import { readZipEnd } from './zip-end.ts';
import { headerProblem, type LocalHeader, readLocalHeader } from './zip-header.ts';

/** An entry of a zip file whose headers agree. */
export interface ZipEntry {
  readonly name: string;
  /** Its size unpacked, as the directory says. */
  readonly size: number;
  /** Its bytes unpacked, or what is wrong with them; entries that are packed and large are not unpacked. */
  open(): ByteSource | string;
}

/** What is in a zip file. */
export interface ZipContent {
  readonly entries: readonly ZipEntry[];
  readonly problems: readonly CheckProblem[];
}

const STORED = 0;
const DEFLATED = 8;
const MAX_ENTRIES = 200_000;
const MAX_UNPACKED = 64 * 1024 * 1024;
const MAX_RATIO = 200;
const CHUNK = 4 * 1024 * 1024;

/** Where an entry is. */
interface Placed {
  readonly entry: Entry;
  readonly header: LocalHeader;
}

/**
 * Lists a zip file. Whatever two readers could see differently is a problem: headers that disagree, names twice, entries
 * that overlap or leave bytes between them, names that lead outside, anything encrypted.
 */
export async function readZip(source: FileSource): Promise<ZipContent> {
  const end = readZipEnd(source);
  if (typeof end === 'string') return { entries: [], problems: [fault(undefined, end)] };
  if (end.entries > MAX_ENTRIES)
    return {
      entries: [],
      problems: [fault(undefined, `has ${end.entries} entries; at most ${MAX_ENTRIES} are read`)],
    };
  const placed: Placed[] = [];
  const problems: CheckProblem[] = [];
  try {
    const zip = await yauzl.fromFdPromise(source.descriptor, {
      autoClose: false,
      strictFileNames: true,
      validateEntrySizes: false,
    });
    for await (const entry of zip.eachEntry()) {
      const header = readLocalHeader(source, entry.relativeOffsetOfLocalHeader);
      const problem = typeof header === 'string' ? header : headerProblem(entry, header);
      if (problem !== undefined) problems.push(fault(entryPlace(entry.fileName), problem));
      if (typeof header !== 'string') placed.push({ entry, header });
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unreadable';
    problems.push(fault(undefined, `is a zip file that cannot be read: ${quoted(message)}`));
  }
  problems.push(
    ...namesTwice(placed),
    ...layoutProblems(placed, end.directoryStart),
    ...bombProblems(placed, source.size),
  );
  return { entries: placed.map((one) => toEntry(source, one)), problems };
}

/** The place of an entry, for problems. */
export function entryPlace(name: string): string {
  return `entry ${quoted(name)}`;
}

function namesTwice(placed: readonly Placed[]): CheckProblem[] {
  const seen = new Set<string>();
  return placed.flatMap(({ entry: { fileName } }) => {
    // Not every file system tells upper from lower case.
    const key = fileName.toLowerCase();
    const twice = seen.has(key);
    seen.add(key);
    return twice ? [fault(entryPlace(fileName), 'is there twice')] : [];
  });
}

/** Entries follow each other from the first byte to the directory; only a data descriptor may stand between two. */
function layoutProblems(placed: readonly Placed[], directoryStart: number): CheckProblem[] {
  const sorted = [...placed].sort((a, b) => a.header.start - b.header.start);
  let at = 0;
  let slack = 0;
  const problems: CheckProblem[] = [];
  const demand = (start: number, where: string | undefined) => {
    if (start < at) problems.push(fault(where, 'overlaps what comes before it'));
    else if (start > at + slack)
      problems.push(fault(where, `has ${start - at} bytes before it that belong to no entry`));
  };
  for (const { entry, header } of sorted) {
    demand(header.start, entryPlace(entry.fileName));
    at = header.dataStart + entry.compressedSize;
    slack = header.hasDescriptor ? 24 : 0;
  }
  demand(directoryStart, 'directory');
  return problems;
}

function bombProblems(placed: readonly Placed[], size: number): CheckProblem[] {
  const unpacked = placed.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  if (unpacked <= MAX_UNPACKED || unpacked <= size * MAX_RATIO) return [];
  return [
    fault(
      undefined,
      `is ${size} bytes and says that it unpacks to ${unpacked}, more than ${MAX_RATIO} times as much`,
    ),
  ];
}

function toEntry(source: FileSource, { entry, header }: Placed): ZipEntry {
  return {
    name: entry.fileName,
    size: entry.uncompressedSize,
    open() {
      if (entry.compressionMethod === STORED) return stored(source, entry, header);
      return entry.compressionMethod === DEFLATED
        ? inflated(source, entry, header)
        : 'is packed in an unknown way';
    },
  };
}

/** A reader that does not check sums would take what another one refuses. */
function stored(
  source: FileSource,
  { crc32: sum, compressedSize }: Entry,
  { dataStart }: LocalHeader,
): ByteSource | string {
  const bytes = slice(source, dataStart, compressedSize);
  let actual = 0;
  for (let at = 0; at < bytes.size; at += CHUNK) actual = crc32(bytes.read(at, CHUNK), actual);
  return actual === sum ? bytes : 'does not have the checksum that it says';
}

function inflated(source: FileSource, entry: Entry, { dataStart }: LocalHeader): ByteSource | string {
  if (entry.uncompressedSize > MAX_UNPACKED || entry.compressedSize > MAX_UNPACKED)
    return `unpacks to ${entry.uncompressedSize} bytes; at most ${MAX_UNPACKED} are unpacked`;
  try {
    const packed = source.read(dataStart, entry.compressedSize);
    const bytes = inflateRawSync(packed, { maxOutputLength: entry.uncompressedSize + 1 });
    if (bytes.length === entry.uncompressedSize && crc32(bytes) === entry.crc32) return bufferSource(bytes);
    return 'does not unpack to the size and checksum that it says';
  } catch {
    return 'does not unpack to the size that it says';
  }
}
