import { type Parsed, parsed, unparsed } from './problem.ts';

const MAX_DEPTH = 64;
const NUMBER = /^-?\d[\d.eE+-]*$/;
const OTHER = /\s+|[{}[\],:]|[^\s"{}[\],:]{1,400}/y;

/**
 * Parses JSON that two readers could not read differently: at most 64 levels deep, no key twice in an object,
 * no `__proto__` key, no number outside the range of a double.
 */
export function parseStrictJson(file: string, text: string): Parsed<unknown> {
  const refusal = scan(text);
  if (refusal !== undefined) return unparsed([{ where: file, message: refusal }]);
  try {
    return parsed(JSON.parse(text));
  } catch (error) {
    return unparsed([
      { where: file, message: `is not JSON: ${error instanceof Error ? error.message : ''}` },
    ]);
  }
}

/** Walks the tokens without building anything, so that depth costs no stack. */
function scan(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  for (const token of tokens(text)) {
    const keys = open.at(-1);
    if (token === '{' || token === '[') {
      if (open.push(token === '{' ? new Set() : undefined) > MAX_DEPTH)
        return `is nested deeper than ${MAX_DEPTH} levels`;
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':' && keys !== undefined) {
      const refusal = addKey(keys, last);
      if (refusal !== undefined) return refusal;
    } else if (NUMBER.test(token) && !Number.isFinite(Number(token))) {
      return `holds the number ${token.slice(0, 20)}, which is not finite`;
    }
    last = token;
  }
  return undefined;
}

function addKey(keys: Set<string>, token: string): string | undefined {
  const key = unquoted(token);
  if (key === '__proto__') return 'holds the key "__proto__"';
  if (keys.has(key)) return `holds the key ${JSON.stringify(key.slice(0, 80))} twice in one object`;
  keys.add(key);
  return undefined;
}

function unquoted(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}

function* tokens(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const start = at;
    at = text[at] === '"' ? endOfString(text, at) : endOfOther(text, at);
    const token = text.slice(start, at);
    if (token.trim() !== '') yield token;
  }
}

/** The offset behind the string that starts here. A loop, since a regular expression would need stack for a long one. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfOther(text: string, start: number): number {
  OTHER.lastIndex = start;
  OTHER.exec(text);
  return Math.max(OTHER.lastIndex, start + 1);
}
