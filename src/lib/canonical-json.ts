/** A value that JSON can carry without loss. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const UNPAIRED_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const MAX_DEPTH = 64;

/**
 * JSON Canonicalization Scheme (RFC 8785): keys sorted by UTF-16 code units, no white space, ECMAScript numbers.
 * Members whose value is `undefined` are left out, as JSON.stringify does.
 *
 * @throws TypeError for what has no single JSON form: non-finite numbers, unpaired surrogates, functions,
 *   and values nested deeper than 64 levels.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw new TypeError(`cannot canonicalise: nested deeper than ${MAX_DEPTH} levels`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value))
    return `[${Array.from(value, (item) => canonicalJson(item, depth + 1)).join(',')}]`;
  if (isPlainObject(value)) return canonicalObject(value, depth);
  throw new TypeError(`cannot canonicalise a ${typeof value}`);
}

/** Parses JSON whose text is its own canonical form: `undefined` for every other text, so that nobody reads it otherwise. */
export function parseCanonicalJson(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return isCanonical(json, text) ? json : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The engine's own form tells it of nearly all texts, and faster. Not of those with keys like numbers, which it moves to
 * the front, nor of those with surrogates, which it escapes where they are unpaired.
 */
function isCanonical(json: unknown, text: string): boolean {
  const isPlain = JSON.stringify(json) === text && !text.includes('\\ud') && isSorted(json, 0);
  return isPlain || canonicalJson(json) === text;
}

function isSorted(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isSorted(item, depth + 1));
  // A loop and no closures: this runs for every object of every statement.
  let before: string | undefined;
  for (const key in value) {
    if (before !== undefined && before >= key) return false;
    if (!isSorted((value as Readonly<Record<string, unknown>>)[key], depth + 1)) return false;
    before = key;
  }
  return true;
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`cannot canonicalise ${value}: not a finite number`);
  return JSON.stringify(value);
}

function canonicalString(value: string): string {
  if (UNPAIRED_SURROGATE.test(value))
    throw new TypeError('cannot canonicalise a string with an unpaired surrogate');
  return JSON.stringify(value);
}

function canonicalObject(value: Record<string, unknown>, depth: number): string {
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${canonicalString(key)}:${canonicalJson(value[key], depth + 1)}`);
  return `{${members.join(',')}}`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
