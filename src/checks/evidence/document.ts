import type { z } from 'zod';
import { type Parsed, parseYaml, unparsed } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';
import { readEvidence } from './file.ts';

const MAX_BYTES = 256 * 1024;
const MAX_LINES = 5000;

/** Reads a YAML or JSON evidence file against its schema. Every problem carries the evidence name, line and column. */
export async function readDocument<T>(
  name: string,
  file: CheckFile,
  schema: z.ZodType<T>,
): Promise<Parsed<T>> {
  const bytes = await readEvidence(name, file, MAX_BYTES);
  if (!bytes.ok) return bytes;
  const text = decodeText(name, bytes.value);
  if (!text.ok) return text;
  if (text.value.split('\n', MAX_LINES + 1).length > MAX_LINES) {
    return unparsed([{ where: name, message: `has more than ${MAX_LINES} lines` }]);
  }
  return parseYaml({ file: name, text: text.value }, schema);
}

/** The bytes as UTF-8 text without a byte order mark; a problem when they are not text. */
export function decodeText(name: string, bytes: Uint8Array): Parsed<string> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return { ok: true, value: text };
  } catch {
    // Not UTF-8: told below, as for bytes that hold a NUL.
  }
  return unparsed([{ where: name, message: 'is not UTF-8 text' }]);
}
