import { CountersignError } from '../../domain/index.ts';
import { named } from './overlay.ts';

/** Bytes of a header; contents are filled up to a multiple of it. */
export const BLOCK = 512;

/** What a header of a tar archive says. */
export interface TarHeader {
  readonly name: string;
  /** The letter of its kind. */
  readonly type: string;
  readonly size: number;
  /** What a link leads to. */
  readonly target: string;
}

/** Reads a header, of POSIX, GNU or the old kind. @throws CountersignError `invalid_input` */
export function readTarHeader(block: Buffer): TarHeader {
  if (numberAt(block, 148, 8) !== checksum(block)) throw notTar('a header is damaged');
  const prefix = prefixOf(block);
  const name = fieldAt(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: String.fromCharCode(block[156] ?? 0),
    size: numberAt(block, 124, 12),
    target: fieldAt(block, 157, 100),
  };
}

/** What goes before the name. Where the format has no such field, some readers take it for one if it holds no times. */
function prefixOf(block: Buffer): string {
  const magic = block.toString('latin1', 257, 263);
  if (magic === 'ustar ') for (const at of [345, 357]) numberAt(block, at, 12);
  if (magic !== 'ustar\0') return '';
  if (block.toString('latin1', 508, 512) === 'tar\0') throw notTar('it is of the format star');
  return fieldAt(block, 345, 155);
}

/** The keys and values of an extended header: each is `length key=value` and a line feed. */
export function readExtended(bytes: Buffer): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const [, digits = ''] = /^(\d{1,7}) /.exec(bytes.toString('latin1', at, at + 8)) ?? [];
    const end = at + Number(digits);
    const record = bytes.subarray(at + digits.length + 1, end - 1);
    const equals = record.indexOf('=');
    if (digits === '' || end > bytes.length || bytes[end - 1] !== 0x0a || equals < 1)
      throw notTar('an extended header is damaged');
    const key = textOf(record.subarray(0, equals));
    if (found.has(key)) throw notTar(`an extended header says ${named(key)} twice`);
    // Keys of single vendors, which have dots, may hold bytes.
    if (record.includes(0) && !key.includes('.'))
      throw notTar(`an extended header says ${named(key)} with a zero`);
    found.set(key, textOf(record.subarray(equals + 1)));
    at = end;
  }
  return found;
}

/** A text up to its first zero. @throws CountersignError `invalid_input` where it is no UTF-8 */
export function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  const text = bytes.subarray(0, end < 0 ? bytes.length : end);
  if (Buffer.from(text.toString('utf8')).equals(text)) return text.toString('utf8');
  throw notTar('a name in it is no UTF-8');
}

/** For what cannot be read as a tar archive in one way only. */
export function notTar(message: string): CountersignError {
  return new CountersignError('invalid_input', `the archive cannot be unpacked: ${message}`);
}

function fieldAt(block: Buffer, start: number, length: number): string {
  return textOf(block.subarray(start, start + length));
}

/** Octal digits; or, where the first bit is set, a binary number. */
function numberAt(block: Buffer, start: number, length: number): number {
  const field = block.subarray(start, start + length);
  const value =
    field[0] === 0x80
      ? Number(BigInt(`0x${field.subarray(1).toString('hex')}`))
      : Number.parseInt(/^ *([0-7]+)[ \0]*$/.exec(field.toString('latin1'))?.[1] ?? '', 8);
  if (Number.isSafeInteger(value)) return value;
  // Devices and the like leave it empty.
  if (/^[ \0]*$/.test(field.toString('latin1'))) return 0;
  throw notTar('a header holds a number that is none');
}

/** The sum of a header's bytes, those of the sum itself taken for spaces. */
function checksum(block: Buffer): number {
  return block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}
