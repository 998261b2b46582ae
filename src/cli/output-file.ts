import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { invalidInput } from '../domain/index.ts';
import { DANGEROUS } from './terminal.ts';

/**
 * Writes a file whole or not at all: aside first, made durable, then renamed to its name.
 * @throws CountersignError `invalid_input` where it cannot be written
 */
export async function writeOutput(path: string, text: string): Promise<void> {
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw invalidInput('the output file', [
      {
        where: `--output ${path}`,
        message: `it cannot be written (${code})`,
        fix: 'name a file in a folder that exists and may be written',
      },
    ]);
  }
}

/** JSON as people and tools like to read it; what a terminal could obey is escaped. */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(DANGEROUS, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
