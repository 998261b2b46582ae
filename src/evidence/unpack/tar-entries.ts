import type { ByteReader } from './byte-reader.ts';
import { BLOCK, notTar, readExtended, readTarHeader, type TarHeader, textOf } from './tar-header.ts';

/** Something in a tar archive. */
export interface TarEntry {
  /** As it stands there. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'special';
  readonly size: number;
  /** A file's bytes; to be read before the next entry is asked for, or not at all. */
  bytes(): AsyncIterable<Uint8Array>;
}

const KINDS: Readonly<Record<string, TarEntry['kind']>> = {
  '0': 'file',
  '5': 'directory',
  '1': 'link',
  '2': 'link',
  '3': 'special',
  '4': 'special',
  '6': 'special',
};
/** Most entries; a whole operating system has fewer. */
const MOST_ENTRIES = 500_000;
/** Bytes of an extended header, which holds a name or two. */
const MOST_EXTENDED = 1024 * 1024;
/** Keys by which an extended header says other than the header where and how long a file is. */
const TELLING = /^(?:path|size|linkpath|hdrcharset|GNU\.sparse\..*)$/;

/** What stands before an entry about it. */
interface Said {
  readonly name?: string;
  readonly size?: number;
}

/**
 * Reads the entries of a tar archive one by one.
 *
 * @throws CountersignError `invalid_input` for what different readers would take for different things
 */
export async function* tarEntries(reader: ByteReader): AsyncGenerator<TarEntry> {
  let said: Said = {};
  for (let count = 0; ; count += 1) {
    if (count > MOST_ENTRIES) throw notTar(`it has more than ${MOST_ENTRIES} entries`);
    const block = await reader.take(BLOCK);
    if (block.every((byte) => byte === 0)) break;
    if (block.length < BLOCK) throw notTar('it ends in the middle');
    const header = readTarHeader(block);
    const about = await readAbout(reader, header);
    if (about !== null) {
      said = { ...said, ...about };
      continue;
    }
    yield* entryOf(reader, { ...header, ...said });
    said = {};
  }
  for (let rest = await reader.take(BLOCK * 128); rest.length > 0; rest = await reader.take(BLOCK * 128))
    if (rest.some((byte) => byte !== 0)) throw notTar('something follows its end');
}

async function* entryOf(reader: ByteReader, { name, type, size }: TarHeader): AsyncGenerator<TarEntry> {
  const kind = KINDS[type];
  if (kind === undefined) throw notTar(`it has an entry of the kind ${JSON.stringify(type)}`);
  if (kind !== 'file' && kind !== 'link' && size > 0)
    throw notTar('it has an entry with bytes that is no file');
  // A hard link may say how long its target is, and has no bytes of its own.
  const own = kind === 'file' ? size : 0;
  const end = reader.given + own;
  const folder = kind === 'file' && name.endsWith('/');
  if (folder && size > 0) throw notTar('it has a folder with bytes');
  yield { name, kind: folder ? 'directory' : kind, size: own, bytes: () => reader.stream(own) };
  for await (const _ of reader.stream(end - reader.given + padding(own))) {
    // What nobody wanted is passed over.
  }
}

/** What an entry says of the next one, or of all; null for an entry of its own. */
async function readAbout(reader: ByteReader, { type, size }: TarHeader): Promise<Said | null> {
  if (!'xgLK'.includes(type)) return null;
  if (size > MOST_EXTENDED) throw notTar('an extended header is too long');
  const bytes = await reader.take(size);
  await reader.take(padding(size));
  if (type === 'L') return { name: textOf(bytes) };
  if (type === 'K') return {};
  const said = readExtended(bytes);
  const telling = [...said.keys()].filter((key) => TELLING.test(key));
  if (type === 'g') {
    if (telling.length > 0) throw notTar(`it says ${telling[0]} of all its entries`);
    return {};
  }
  const odd = telling.find((key) => key !== 'path' && key !== 'size' && key !== 'linkpath');
  if (odd !== undefined) throw notTar(`it has an entry with ${odd}`);
  const [name, length] = [said.get('path'), said.get('size')];
  if (length !== undefined && !/^\d{1,15}$/.test(length))
    throw notTar('a header holds a number that is none');
  return {
    ...(name === undefined ? {} : { name }),
    ...(length === undefined ? {} : { size: Number(length) }),
  };
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
