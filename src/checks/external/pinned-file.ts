import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { digestOf, hexOf } from '../../domain/index.ts';
import { type Parsed, type Problem, parsed, unparsed } from '../../lib/index.ts';
import type { Script } from './script-check.ts';

const MAX_BYTES = 16 * 1024 * 1024;
const WRITABLE_BY_ALL = 0o002;
const EXECUTABLE = 0o111;

/** A script's bytes, which are those that its operator pinned. */
export interface PinnedFile {
  readonly bytes: Buffer;
  /** Whether the file may be run as a program. */
  readonly executable: boolean;
}

/**
 * Reads a script once, from one descriptor, and refuses it unless the bytes are those to which it is pinned: whatever
 * happens to the file afterwards, these are the bytes that run. Links are followed within the folder only, as mounted
 * configuration needs; neither the file nor its folder may be writable by everybody.
 */
export async function readPinned(script: Script): Promise<Parsed<PinnedFile>> {
  try {
    return await read(script);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return refusal(script, `cannot be read (${code})`, 'put the file into the folder of checks');
  }
}

async function read(script: Script): Promise<Parsed<PinnedFile>> {
  const folder = await realpath(script.directory);
  const path = await realpath(join(folder, script.file));
  if (!path.startsWith(`${folder}${sep}`))
    return refusal(script, 'is a link that leads out of the folder of checks', 'put the file itself there');
  // The path has no links any more: one that has come since is not followed. Neither is a pipe waited for.
  await using handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const found = await handle.stat();
  if (!found.isFile()) return refusal(script, 'is not a regular file');
  if (found.size > MAX_BYTES) return refusal(script, `is larger than ${MAX_BYTES} bytes`);
  if (found.mode & WRITABLE_BY_ALL)
    return refusal(script, 'is writable by everybody', `chmod o-w ${script.file}`);
  if ((await stat(dirname(path))).mode & WRITABLE_BY_ALL)
    return refusal(script, 'is in a folder that is writable by everybody', 'take that away with chmod o-w');
  return held(script, await readAll(handle), (found.mode & EXECUTABLE) !== 0);
}

/** No more than the limit, though the file grows meanwhile. */
async function readAll(handle: FileHandle): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of handle.createReadStream({ start: 0, end: MAX_BYTES, autoClose: false }))
    chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function held(script: Script, bytes: Buffer, executable: boolean): Parsed<PinnedFile> {
  const digest = digestOf(bytes);
  if (digest === script.digest) return parsed({ bytes, executable });
  const fix =
    'restore the file; or, if the change is yours and was reviewed, pin the new sum in countersign.yaml';
  return refusal(script, `has the SHA-256 ${hexOf(digest)}, but is pinned to ${hexOf(script.digest)}`, fix);
}

function refusal({ file }: Script, message: string, fix?: string): Parsed<never> {
  const problem: Problem = { where: file, message, ...(fix === undefined ? {} : { fix }) };
  return unparsed([problem]);
}
