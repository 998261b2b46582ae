import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CountersignError, invalidInput } from '../../domain/index.ts';

/**
 * Writes files into a folder, all or none. What is there already is never touched.
 * @throws CountersignError `invalid_input` with every file that is there already; `unavailable` where one cannot be written
 */
export async function writeNew(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const paths = [...files.keys()].map((name) => join(folder, name));
  const there = (await Promise.all(paths.map(isThere))).flatMap((is, at) => (is ? [paths[at] ?? ''] : []));
  if (there.length > 0)
    throw invalidInput(
      'the folder',
      there.map((path) => ({
        where: path,
        message: 'it is there already, and nothing was written',
        fix: 'name another folder, or move it away',
      })),
    );
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of files) {
      await writeFile(join(folder, name), text, { flag: 'wx' });
      written.push(join(folder, name));
    }
  } catch (cause) {
    await Promise.all(written.map((path) => rm(path, { force: true })));
    const { code } = cause as NodeJS.ErrnoException;
    throw new CountersignError(
      'unavailable',
      `nothing was written: ${folder} cannot be written to (${code})`,
      {
        cause,
      },
    );
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
