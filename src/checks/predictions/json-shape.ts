import { createReadStream } from 'node:fs';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_END = 0x0a;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);

/** Levels and bytes beyond which JSON lines are not read. */
const JSON_LIMITS = { depth: 16, lineBytes: 16 * 1024 * 1024 } as const;

/** What is wrong with the shape of JSON lines anywhere in a file: DuckDB's reader ends the process on deep input. */
export async function shapeProblem(path: string, { depth: deepest, lineBytes } = JSON_LIMITS) {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let length = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      length = byte === LINE_END ? 0 : length + 1;
      if (escaped) escaped = false;
      else if (inString) {
        if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (OPEN.has(byte) && ++depth > deepest) return `JSON nested deeper than ${deepest} levels`;
      else if (CLOSE.has(byte)) depth = Math.max(0, depth - 1);
    }
    if (length > lineBytes) return `a line of JSON is longer than ${lineBytes} bytes`;
  }
  return undefined;
}
