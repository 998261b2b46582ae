import { createReadStream } from 'node:fs';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);

/** Whether JSON anywhere in a file is nested deeper than `limit`: DuckDB's reader ends the process on deep input. */
export async function isDeeperThan(path: string, limit: number): Promise<boolean> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (escaped) escaped = false;
      else if (inString) {
        if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (OPEN.has(byte) && ++depth > limit) return true;
      else if (CLOSE.has(byte)) depth = Math.max(0, depth - 1);
    }
  }
  return false;
}
