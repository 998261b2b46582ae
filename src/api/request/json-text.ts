import { type Parsed, parsed, unparsed } from '../../lib/index.ts';

const MAX_DEPTH = 32;
const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Why a text is refused, and where it goes wrong. */
interface Refusal {
  readonly offset: number;
  readonly message: string;
}

/**
 * Parses JSON (RFC 8259) that every reader reads the same, and that can be stored: at most 32 levels deep, no member
 * twice, no `__proto__`, no number out of range, no NUL and no unpaired surrogate. A refusal names line and column.
 */
export function parseJsonText(text: string): Parsed<unknown> {
  const refusal = examine(text);
  if (refusal === null) return parsed(JSON.parse(text));
  return unparsed([{ where: `body ${lineAndColumn(text, refusal.offset)}`, message: refusal.message }]);
}

/** Walks the text once. The depth limit bounds the recursion. */
function examine(text: string): Refusal | null {
  const cursor = { text, offset: 0 };
  const refusal = examineValue(cursor, 0);
  if (refusal !== null) return refusal;
  skipSpace(cursor);
  return cursor.offset === text.length ? null : refuse(cursor, 'expected the end of the JSON text');
}

interface Cursor {
  readonly text: string;
  offset: number;
}

function examineValue(cursor: Cursor, depth: number): Refusal | null {
  skipSpace(cursor);
  if (depth > MAX_DEPTH) return refuse(cursor, `nested deeper than ${MAX_DEPTH} levels`);
  const next = cursor.text[cursor.offset];
  if (next === '{') return examineList(cursor, '}', examineMember(new Set(), depth));
  if (next === '[') return examineList(cursor, ']', (inner) => examineValue(inner, depth + 1));
  if (next === '"') return examineString(cursor);
  return examineScalar(cursor);
}

function examineList(
  cursor: Cursor,
  close: string,
  examineItem: (cursor: Cursor) => Refusal | null,
): Refusal | null {
  cursor.offset++;
  skipSpace(cursor);
  if (take(cursor, close)) return null;
  for (;;) {
    const refusal = examineItem(cursor);
    if (refusal !== null) return refusal;
    skipSpace(cursor);
    if (take(cursor, close)) return null;
    if (!take(cursor, ',')) return refuse(cursor, `expected "," or "${close}"`);
  }
}

function examineMember(names: Set<string>, depth: number): (cursor: Cursor) => Refusal | null {
  return (cursor) => {
    skipSpace(cursor);
    const start = cursor.offset;
    if (cursor.text[start] !== '"') return refuse(cursor, 'expected a member name in double quotes');
    const refusal = examineString(cursor);
    if (refusal !== null) return refusal;
    const name = JSON.parse(cursor.text.slice(start, cursor.offset)) as string;
    if (name === '__proto__') return { offset: start, message: 'a member may not be called "__proto__"' };
    if (names.has(name)) return { offset: start, message: `the member ${quote(name)} is there twice` };
    names.add(name);
    skipSpace(cursor);
    return take(cursor, ':') ? examineValue(cursor, depth + 1) : refuse(cursor, 'expected ":"');
  };
}

/** A loop, since a regular expression would need stack for a long string. */
function examineString(cursor: Cursor): Refusal | null {
  const start = cursor.offset;
  const { text } = cursor;
  let end = start + 1;
  while (end < text.length && text[end] !== '"') {
    if (text.charCodeAt(end) < 0x20) return { offset: end, message: 'a control character in a string' };
    end += text[end] === '\\' ? 2 : 1;
  }
  if (end >= text.length) return { offset: start, message: 'a string without its closing quote' };
  cursor.offset = end + 1;
  const value = decode(text.slice(start, end + 1));
  if (value === null) return { offset: start, message: 'a string with an escape that JSON does not know' };
  if (value.includes('\0')) return { offset: start, message: 'a string with a NUL character' };
  return value.isWellFormed() ? null : { offset: start, message: 'a string with an unpaired surrogate' };
}

function decode(token: string): string | null {
  try {
    return JSON.parse(token) as string;
  } catch {
    return null;
  }
}

function examineScalar(cursor: Cursor): Refusal | null {
  SCALAR.lastIndex = cursor.offset;
  const found = SCALAR.exec(cursor.text)?.[0];
  if (found === undefined) return refuse(cursor, 'expected a JSON value');
  if (/^[-\d]/.test(found) && !Number.isFinite(Number(found)))
    return refuse(cursor, 'a number beyond the range of a double');
  cursor.offset += found.length;
  return null;
}

function take(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.offset] !== character) return false;
  cursor.offset++;
  return true;
}

function skipSpace(cursor: Cursor): void {
  SPACE.lastIndex = cursor.offset;
  cursor.offset += SPACE.exec(cursor.text)?.[0].length ?? 0;
}

function refuse(cursor: Cursor, expectation: string): Refusal {
  const found = cursor.offset < cursor.text.length ? quote(cursor.text[cursor.offset] ?? '') : 'the end';
  return { offset: cursor.offset, message: `${expectation}, found ${found}` };
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1}`;
}
