/** A file of an archive. */
export interface PackedFile {
  /** ASCII, at most 100 characters, with `/`. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** The files of an archive, or where it is not as we write it. */
export type TarResult =
  | { readonly ok: true; readonly files: readonly PackedFile[] }
  | { readonly ok: false; readonly message: string };

const BLOCK = 512;
const MOST_FILES = 100_000;

/** Writes a POSIX tar (ustar) that depends on the files alone: no times, no owners, in the order given. */
export function writeTar(files: readonly PackedFile[]): Buffer {
  const parts = files.flatMap((file) => [headerOf(file), file.bytes, padding(file.bytes.length)]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/** Reads an archive that `writeTar` wrote; of anything else, a single bit included, it says where it differs. */
export function readTar(bytes: Buffer): TarResult {
  const files: PackedFile[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const after = files.at(-1)?.path ?? 'the beginning';
    const refuse = (what: string): TarResult => ({
      ok: false,
      message: `the ${what} after ${after}, at byte ${at}, is not as Countersign writes it`,
    });
    const header = bytes.subarray(at, at + BLOCK);
    const path = header.subarray(0, 100).toString('latin1').replace(/\0.*$/s, '');
    const size = Number.parseInt(header.subarray(124, 135).toString('latin1'), 8);
    const file = { path, bytes: bytes.subarray(at + BLOCK, at + BLOCK + size) };
    if (!Number.isSafeInteger(size) || file.bytes.length !== size || files.length >= MOST_FILES)
      return refuse('header');
    if (path.length > 100 || !headerOf(file).equals(header)) return refuse('header');
    files.push(file);
    at += BLOCK + size;
    const gap = padding(size);
    if (!bytes.subarray(at, at + gap.length).equals(gap))
      return { ok: false, message: `${path}: the padding after it, at byte ${at}, is not empty` };
    at += gap.length;
  }
  return bytes.subarray(at).equals(Buffer.alloc(2 * BLOCK))
    ? { ok: true, files }
    : { ok: false, message: `the end of the archive, at byte ${at}, is not as Countersign writes it` };
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

function headerOf({ path, bytes }: PackedFile): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  const mode = path.endsWith('.sh') ? 0o755 : 0o644;
  header.write(path, 0, 'latin1');
  header.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, 'latin1');
  header.write(`${octal(bytes.length, 11)}\0${octal(0, 11)}\0        0`, 124, 'latin1');
  header.write('ustar\u000000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return header;
}
