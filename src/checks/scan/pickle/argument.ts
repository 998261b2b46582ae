import { type Cursor, Truncated } from '../cursor.ts';
import { unescapedString, unescapedUnicode } from './escapes.ts';
import type { ArgumentForm } from './opcodes.ts';
import { Undecodable } from './undecodable.ts';

/** What an opcode carries, as far as it matters which names come of it. */
export interface Argument {
  /** Text, where it is no longer than a name could be. */
  readonly text?: string;
  /** The second line of those with two. */
  readonly second?: string;
  /** A memo index or protocol. */
  readonly index?: number;
}

const NOTHING: Argument = {};
/** No name of a module or a class is longer; longer text is skipped. */
const MAX_NAME = 1024;
/** A line, such as the digits of a big integer, is at most so long. */
const MAX_LINE = 65_536;

/**
 * Reads an opcode's argument.
 *
 * @throws Undecodable for one that Python would not read either, or not read in one way only; Truncated at the end.
 */
export function readArgument(form: ArgumentForm, cursor: Cursor): Argument {
  return READERS[form](cursor);
}

const READERS: Readonly<Record<ArgumentForm, (cursor: Cursor) => Argument>> = {
  none: () => NOTHING,
  skip1: (cursor) => skipped(cursor, 1),
  skip2: (cursor) => skipped(cursor, 2),
  skip4: (cursor) => skipped(cursor, 4),
  skip8: (cursor) => skipped(cursor, 8),
  index1: (cursor) => ({ index: cursor.byte() }),
  index4: (cursor) => ({ index: cursor.take(4).readUInt32LE() }),
  line: (cursor) => {
    line(cursor);
    return NOTHING;
  },
  index_line: (cursor) => ({ index: indexOf(line(cursor).toString('latin1')) }),
  quoted_line: (cursor) => ({ text: unescapedString(line(cursor).toString('latin1')) }),
  unicode_line: (cursor) => ({ text: unescapedUnicode(line(cursor).toString('latin1')) }),
  two_lines: (cursor) => ({ text: name(cursor), second: name(cursor) }),
  text1: (cursor) => text(cursor, cursor.byte()),
  text4: (cursor) => text(cursor, cursor.take(4).readUInt32LE()),
  text8: (cursor) => text(cursor, length8(cursor)),
  string4: (cursor) => text(cursor, signedLength(cursor)),
  bytes1: (cursor) => skipped(cursor, cursor.byte()),
  bytes4: (cursor) => skipped(cursor, cursor.take(4).readUInt32LE()),
  bytes8: (cursor) => skipped(cursor, length8(cursor)),
  long4: (cursor) => skipped(cursor, signedLength(cursor)),
};

function skipped(cursor: Cursor, length: number): Argument {
  cursor.skip(length);
  return NOTHING;
}

function text(cursor: Cursor, length: number): Argument {
  if (length > MAX_NAME) return skipped(cursor, length);
  return { text: utf8(cursor.take(length)) };
}

function name(cursor: Cursor): string {
  const bytes = line(cursor);
  if (bytes.length > MAX_NAME) throw new Undecodable(`holds a name of ${bytes.length} bytes`);
  return utf8(bytes);
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Python would refuse it, or keep it as a surrogate: no name that an import finds.
    return bytes.toString('latin1');
  }
}

function line(cursor: Cursor): Buffer {
  const found = cursor.line(MAX_LINE);
  if (found !== null) return found;
  if (cursor.left <= MAX_LINE) throw new Truncated();
  throw new Undecodable(`holds a line of more than ${MAX_LINE} bytes`);
}

function indexOf(digits: string): number {
  if (!/^\d{1,10}$/.test(digits)) throw new Undecodable('holds a memo index that is not a plain number');
  return Number(digits);
}

function signedLength(cursor: Cursor): number {
  const length = cursor.take(4).readInt32LE();
  if (length < 0) throw new Undecodable('holds a negative length');
  return length;
}

function length8(cursor: Cursor): number {
  const length = cursor.take(8).readBigUInt64LE();
  if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw new Truncated();
  return Number(length);
}
