import { CountersignError } from '../domain/index.ts';

/** Makes what is about to be written safe to write. */
export interface Redactor {
  /** Replaces every secret within a text. */
  text(text: string): string;
  /** A copy of a value that JSON can hold, with every secret in it replaced, whether named as one or not. */
  value(value: unknown): unknown;
}

const REDACTED = '[redacted]';
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
const MAX_CHARACTERS = 8192;

/** Fields whose name ends so hold a secret. */
const SECRET_KEY =
  /(tokens?|secrets?|passw(or)?d|passphrase|authorization|cookie|credentials?|pem|(api|private|signing)[_-]?key|connection_?string|(database|redis)_?url)$/i;

/** What is a secret by its shape: credentials in URLs, bearer tokens, Slack tokens, JSON Web Tokens, private keys. */
const SHAPES: readonly [RegExp, string][] = [
  [/(\w:\/\/)[^\s/@"']*:[^\s/@"']*@/g, `$1${REDACTED}@`],
  [/\bBearer\s+[\w.~+/=-]+/gi, `Bearer ${REDACTED}`],
  [/\beyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?/g, REDACTED],
  [/\bx(?:ox[a-z]|app)-[\w-]{6,}/g, REDACTED],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
];

/** Makes a redactor that knows some secrets by value, each also as it looks within a URL. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())]))]
    .filter((secret) => secret !== '')
    // The longest first, so that a secret within another leaves no rest of the other.
    .sort((a, b) => b.length - a.length);
  const text = (raw: string): string => {
    const masked = known.reduce((safe, secret) => safe.replaceAll(secret, REDACTED), raw);
    const shaped = SHAPES.reduce((safe, [shape, instead]) => safe.replace(shape, instead), masked);
    return shaped.length > MAX_CHARACTERS ? `${shaped.slice(0, MAX_CHARACTERS)}…` : shaped;
  };
  return { text, value: (value) => walk(value, text, []) };
}

type Text = (text: string) => string;

function walk(value: unknown, text: Text, path: readonly object[]): unknown {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
    case 'bigint':
      return text(String(value)) === String(value) ? jsonNumber(value) : REDACTED;
    case 'boolean':
    case 'undefined':
      return value;
    case 'object':
      return value === null ? null : walkObject(value, text, path);
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
  }
}

function jsonNumber(value: number | bigint): unknown {
  return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
}

function walkObject(value: object, text: Text, path: readonly object[]): unknown {
  if (path.includes(value)) return '[circular]';
  if (path.length >= MAX_DEPTH) return '[too deep]';
  const inside = [...path, value];
  if (value instanceof Error) return walkError(value, text, inside);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[bytes]';
  if (value instanceof Map) return walk(Object.fromEntries(value), text, inside);
  if (value instanceof Set) return walk([...value], text, inside);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => walk(item, text, inside));
  return walkEntries(value, text, inside);
}

function walkEntries(value: object, text: Text, path: readonly object[]): Record<string, unknown> {
  const entries = Object.keys(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(
    entries.map((key) => {
      const item = read(value, key);
      const secret = SECRET_KEY.test(key) && item !== null && typeof item !== 'boolean';
      return [text(key), secret && item !== undefined ? REDACTED : walk(item, text, path)];
    }),
  );
}

/** A getter may throw; that must not lose the line. */
function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return '[unreadable]';
  }
}

/** Only these members: errors of HTTP clients carry whole requests, headers and all. */
function walkError(error: Error, text: Text, path: readonly object[]): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code = read(error, 'code');
  return {
    name: text(String(name)),
    message: text(String(message)),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: walk(code, text, path) } : {}),
    ...(error instanceof CountersignError && error.problems.length > 0
      ? { problems: walk(error.problems, text, path) }
      : {}),
    ...(typeof stack === 'string' ? { stack: text(stack) } : {}),
    ...(cause === undefined ? {} : { cause: walk(cause, text, path) }),
  };
}
