import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename, extname, isAbsolute, join } from 'node:path';
import { type Parsed, parsed, unparsed } from '../../lib/index.ts';
import type { PinnedFile } from './pinned-file.ts';
import type { Script } from './script-check.ts';

/** Where programs are looked for; nothing of the service's own environment has a say. */
export const PROGRAM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin'] as const;

/** Programs by a file's ending, the first that is there; `node` is the one that runs us. */
const BY_ENDING: Readonly<Record<string, readonly string[]>> = {
  '.py': ['python3'],
  '.sh': ['bash', 'sh'],
  '.js': ['node'],
  '.mjs': ['node'],
  '.cjs': ['node'],
};

/**
 * The words that run a script, to be followed by its path: the operator's interpreter, or the one for its ending, or
 * that of its first line (`#!`). No words for a program that runs by itself.
 */
export async function interpreterOf(
  script: Script,
  { bytes, executable }: PinnedFile,
): Promise<Parsed<readonly string[]>> {
  if (script.interpreter !== null) return program(script, [script.interpreter]);
  const known = BY_ENDING[extname(script.file).toLowerCase()];
  if (known !== undefined) return program(script, known);
  const line = firstLine(bytes);
  if (line !== undefined) return program(script, line.slice(0, 1), line.slice(1));
  if (executable) return parsed([]);
  return absent(
    script,
    'has neither a known ending nor a first line that names its interpreter (#!), nor is it executable',
  );
}

async function program(
  script: Script,
  names: readonly string[],
  args: readonly string[] = [],
): Promise<Parsed<readonly string[]>> {
  for (const name of names) {
    const found = await locate(name);
    if (found !== undefined) return parsed([found, ...args]);
  }
  return absent(script, `needs ${names.join(' or ')}, which is not here`);
}

async function locate(name: string): Promise<string | undefined> {
  if (name === 'node') return process.execPath;
  const candidates = isAbsolute(name) ? [name] : PROGRAM_FOLDERS.map((folder) => join(folder, name));
  for (const path of candidates) {
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return undefined;
}

/** The words of `#!…`; `env` is left out, since it would look along a path that is not ours. */
function firstLine(bytes: Buffer): readonly string[] | undefined {
  if (bytes.toString('latin1', 0, 2) !== '#!') return undefined;
  const line = bytes.subarray(2, 256).toString('latin1').split('\n', 1)[0] ?? '';
  const words = line.trim().split(/\s+/);
  const named = basename(words[0] ?? '') === 'env' ? words.slice(words[1] === '-S' ? 2 : 1) : words;
  return named[0] === undefined || named[0] === '' ? undefined : named;
}

function absent({ file }: Script, message: string): Parsed<never> {
  const fix =
    'install the interpreter in /usr on the machine that runs checks, or name it: interpreter: /opt/…/bin/python3';
  return unparsed([{ where: file, message, fix }]);
}
