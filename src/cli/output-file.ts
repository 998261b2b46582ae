import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { invalidInput } from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';
import { DANGEROUS } from './terminal.ts';

/**
 * Writes a file whole or not at all: aside first, made durable, then renamed to its name.
 * @throws CountersignError `invalid_input` where it cannot be written
 */
export async function writeOutput(path: string, text: string | Uint8Array): Promise<void> {
  const aside = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    {
      await using file = await open(aside, 'wx', 0o644);
      await file.writeFile(text);
      await file.sync();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw invalidInput('the output file', [unwritable(path, error)]);
  }
}

/** What stands in the way of writing a file, found before there is anything to write; null when nothing does. */
export async function outputProblem(path: string): Promise<Problem | null> {
  try {
    // The last slash asks for a folder: access to a file of that name is refused with ENOTDIR.
    await access(`${dirname(path)}/`, constants.W_OK | constants.X_OK);
  } catch (error) {
    return unwritable(path, error);
  }
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory() !== true) return null;
  return { where: `--output ${path}`, message: 'it is a directory', fix: 'name a file in it' };
}

function unwritable(path: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return {
    where: `--output ${path}`,
    message: `it cannot be written (${code})`,
    fix: 'name a file in a folder that exists and may be written',
  };
}

/** JSON as people and tools like to read it; what a terminal could obey is escaped. */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(DANGEROUS, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
