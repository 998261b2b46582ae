import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidInput } from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';
import { codeOf } from './open-regular.ts';

/** A file or directory as it stood when it was looked at. */
export interface Entry {
  /** Path from the top down, parts joined by `/`; empty for the top itself. */
  readonly name: string;
  readonly isFile: boolean;
  readonly bytes: number;
  /** Changes whenever the entry does: which file it is, its size, the times of its bytes and of itself. */
  readonly state: string;
}

/** Most problems that are listed. */
const MOST_PROBLEMS = 20;

/**
 * Lists a directory with everything below it, directories included, in no particular order.
 *
 * @throws CountersignError `invalid_input` for what is missing or unreadable, and for what cannot be part of an
 *   artifact: symbolic links, sockets, pipes, devices, names that are no UTF-8 or hold a line break or a backslash.
 */
export async function walk(top: string): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  const problems: Problem[] = [];
  const waiting = [''];
  for (
    let name = waiting.pop();
    name !== undefined && problems.length < MOST_PROBLEMS;
    name = waiting.pop()
  ) {
    const path = join(top, name);
    const entry = await look(path, name);
    if ('where' in entry) problems.push(entry);
    else {
      found.push(entry);
      if (!entry.isFile) waiting.push(...(await below(path, name, problems)));
    }
  }
  if (problems.length > 0) throw invalidInput('the directory', problems);
  return found;
}

async function look(path: string, name: string): Promise<Entry | Problem> {
  const stats = await lstat(path, { bigint: true }).catch((error: unknown) => error);
  if (!isStats(stats)) return { where: path, message: `cannot be looked at (${codeOf(stats)})` };
  const isFile = stats.isFile();
  if (name === '' && isFile)
    return { where: path, message: 'is a file', fix: 'give the path of a directory' };
  if (!isFile && !stats.isDirectory()) return refusedKind(path, stats, name === '');
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return { name, isFile, bytes: Number(size), state: [dev, ino, size, mtimeNs, ctimeNs].join(' ') };
}

async function below(path: string, name: string, problems: Problem[]): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await list(path, problems)) {
    const text = textOf(entry.name);
    if (text === undefined) {
      problems.push({
        where: path,
        message: `holds a name that is no UTF-8, or has a line break or a backslash: ${JSON.stringify(entry.name.toString())}`,
        fix: 'rename it: the list of names and digests must read in one way only',
      });
    } else names.push(name === '' ? text : `${name}/${text}`);
  }
  return names;
}

async function list(path: string, problems: Problem[]): Promise<Dirent<Buffer>[]> {
  try {
    return await readdir(path, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    problems.push({ where: path, message: `cannot be listed (${codeOf(error)})` });
    return [];
  }
}

function textOf(name: Buffer): string | undefined {
  const text = name.toString('utf8');
  return Buffer.from(text).equals(name) && !/[\n\r\\]/.test(text) ? text : undefined;
}

function refusedKind(path: string, stats: BigIntStats, isTop: boolean): Problem {
  if (stats.isSymbolicLink()) {
    return {
      where: path,
      message: 'is a symbolic link, which may point elsewhere tomorrow',
      fix: isTop ? 'give the path that it points to' : 'put the file itself in its place',
    };
  }
  const what = stats.isFIFO() ? 'a pipe' : stats.isSocket() ? 'a socket' : 'a device';
  return { where: path, message: `is ${what}`, fix: 'take it out of the directory' };
}

function isStats(value: unknown): value is BigIntStats {
  return typeof value === 'object' && value !== null && 'mtimeNs' in value;
}
