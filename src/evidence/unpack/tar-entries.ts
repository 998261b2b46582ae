import type { ByteReader } from './byte-reader.ts';
import { named } from './overlay.ts';
import { BLOCK, notTar, readExtended, readTarHeader, type TarHeader, textOf } from './tar-header.ts';

/** Something in a tar archive. */
export interface TarEntry {
  /** As it stands there. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'symbolic link' | 'hard link' | 'device';
  readonly size: number;
  /** What a link leads to, as it stands there; that of a hard link from the top. */
  readonly target: string;
  /** A file's bytes; to be read before the next entry is asked for, or not at all. */
  bytes(): AsyncIterable<Uint8Array>;
}

const KINDS: Readonly<Record<string, TarEntry['kind']>> = {
  '\0': 'file',
  '0': 'file',
  '5': 'directory',
  '1': 'hard link',
  '2': 'symbolic link',
  '3': 'device',
  '4': 'device',
  '6': 'device',
};
/** Most entries; a whole operating system has fewer. */
const MOST_ENTRIES = 500_000;
/** Bytes of an extended header, which holds a name or two. */
const MOST_EXTENDED = 1024 * 1024;
/** Keys by which an extended header says other than the header where and how long a file is, or speaks to a runtime's file system. */
const TELLING =
  /^(?:path|size|linkpath|hdrcharset|GNU\.sparse\..*|SCHILY\.xattr\.(?:trusted|user)\.overlay\..*)$/;
/** Headers that may stand before an entry about it; of several others some readers take the first, and some the last. */
const ABOUT = /^(?:g|x|L|K|LK|KL)$/;
/** How data begin that some readers unpack without being told to: zstd's skippable frames and bzip2. */
const PACKED = /^(?:[P-_]\*M\p{Cc}|BZh)/u;

/** What stands before an entry about it. */
type Said = Partial<Pick<TarHeader, 'name' | 'size' | 'target'>>;

/**
 * Reads the entries of a tar archive one by one.
 *
 * @throws CountersignError `invalid_input` for what different readers would take for different things
 */
export async function* tarEntries(reader: ByteReader): AsyncGenerator<TarEntry> {
  let said: Said = {};
  let by = '';
  for (let count = 0; ; count += 1) {
    if (count > MOST_ENTRIES) throw notTar(`it has more than ${MOST_ENTRIES} entries`);
    const block = await reader.take(BLOCK);
    if (block.length < BLOCK) throw notTar('it ends without the two blocks of zeros that end it');
    if (block.every((byte) => byte === 0)) break;
    if (count === 0 && PACKED.test(block.toString('latin1'))) throw notTar('it begins as packed data do');
    const header = readTarHeader(block);
    const about = await readAbout(reader, header);
    if (about !== null) {
      by += header.type;
      if (!ABOUT.test(by)) throw notTar(`several headers (${by}) speak of one entry`);
      said = { ...said, ...about };
      if (by === 'g') by = '';
      continue;
    }
    yield* entryOf(reader, { ...header, ...said });
    said = {};
    by = '';
  }
  await requireEnd(reader);
}

/** Requires the second block of the end, and zeros alone behind it. */
async function requireEnd(reader: ByteReader): Promise<void> {
  const second = await reader.take(BLOCK);
  if (second.length < BLOCK || second.some((byte) => byte !== 0))
    throw notTar('it ends with one block of zeros instead of two');
  for (let rest = await reader.take(BLOCK * 128); rest.length > 0; rest = await reader.take(BLOCK * 128))
    if (rest.some((byte) => byte !== 0)) throw notTar('something follows its end');
}

async function* entryOf(reader: ByteReader, header: TarHeader): AsyncGenerator<TarEntry> {
  const { name, type, size, target } = header;
  const kind = KINDS[type];
  if (kind === undefined) throw notTar(`it has an entry of the kind ${JSON.stringify(type)}`);
  const isLink = kind === 'symbolic link' || kind === 'hard link';
  if (kind !== 'file' && !isLink && size > 0) throw notTar('it has an entry with bytes that is no file');
  // A hard link may say how long its target is, and has no bytes of its own.
  const own = kind === 'file' ? size : 0;
  const end = reader.given + own;
  // Archives of the old kind have no letter for folders; where there is one, some readers make this a file.
  const folder = kind === 'file' && name.endsWith('/');
  if (folder && (size > 0 || type === '0')) throw notTar(`it has a file of the name ${named(name)}`);
  yield { name, kind: folder ? 'directory' : kind, size: own, target, bytes: () => reader.stream(own) };
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
  if (type === 'L') return { name: spoken(textOf(bytes)) };
  if (type === 'K') return { target: spoken(textOf(bytes)) };
  const said = readExtended(bytes);
  const telling = [...said.keys()].filter((key) => TELLING.test(key));
  if (type === 'g') {
    if (telling.length > 0) throw notTar(`it says ${telling[0]} of all its entries`);
    return {};
  }
  const odd = telling.find((key) => key !== 'path' && key !== 'size' && key !== 'linkpath');
  if (odd !== undefined) throw notTar(`it has an entry with ${odd}`);
  const [name, target, length] = [said.get('path'), said.get('linkpath'), said.get('size')];
  if (length !== undefined && !/^\d{1,15}$/.test(length))
    throw notTar('a header holds a number that is none');
  return {
    ...(name === undefined ? {} : { name: spoken(name) }),
    ...(target === undefined ? {} : { target: spoken(target) }),
    ...(length === undefined ? {} : { size: Number(length) }),
  };
}

/** A name that a header gives; by an empty one some readers mean that of the entry itself. */
function spoken(name: string): string {
  if (name === '') throw notTar('an extended header holds an empty name');
  return name;
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
