import { open } from 'node:fs/promises';
import { CountersignError, invalidInput } from '../domain/index.ts';

const MIB = 1024 * 1024;

/**
 * The text of a file that a command was given.
 * @throws CountersignError `invalid_input` for one that cannot be read or is larger
 */
export async function readTextFile(path: string, limit: { mostMib: number }): Promise<string> {
  return (await readBytes(path, limit)).toString();
}

/**
 * The bytes of a file that a command was given.
 * @throws CountersignError `invalid_input` for one that cannot be read or is larger
 */
export async function readBytes(path: string, { mostMib }: { mostMib: number }): Promise<Buffer> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > mostMib * MIB)
      throw invalidInput(path, [{ where: path, message: `it is larger than ${mostMib} MiB` }]);
    return await file.readFile();
  } catch (error) {
    if (error instanceof CountersignError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw invalidInput(path, [
      { where: path, message: `it cannot be read (${code})`, fix: 'check the path' },
    ]);
  }
}
