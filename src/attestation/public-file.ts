import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  CountersignError,
  invalidInput,
  SIGNER_NAMES,
  SIGNS,
  type SignerName,
  TrustedSigner,
} from '../domain/index.ts';
import { createFile, isErrno, replaceFile } from './create-file.ts';
import { signerProblem } from './key.ts';

/** `<name>.pub.json`: what everybody may know of a signer's key. It ends when it is rotated. */
const PublicFile = TrustedSigner.omit({ predicates: true });
export type PublicFile = z.infer<typeof PublicFile>;

/**
 * What a trust policy says of a signer, read from its public file alone.
 *
 * @throws CountersignError `not_found` when there is none; `invalid_input` when it is damaged.
 */
export async function readPublicSigner(directory: string, name: SignerName): Promise<TrustedSigner> {
  const file = await readPublicFile(directory, name);
  if (file !== null) return trustedSignerOf(file);
  throw new CountersignError(
    'not_found',
    `${publicPath(directory, name)} does not exist: start the surface that signs as ${name}, or copy its file here`,
  );
}

/** Where a signer's public file lies. */
export function publicPath(directory: string, name: SignerName): string {
  return join(directory, `${name}.pub.json`);
}

/** Where the public file of a key lies that is a signer's no more, or soon. */
export function retiredPath(directory: string, { name, keyId }: Pick<PublicFile, 'name' | 'keyId'>): string {
  const hex = Buffer.from(keyId, 'base64').toString('hex').slice(0, 16);
  return join(directory, `${name}.${hex}.pub.json`);
}

/**
 * The folder of a signer's public files in the trust directory: one of its own where there is one, which that signer's
 * account alone may write to, and nothing else is believed of the signer then; otherwise the directory of all. The same
 * for the fetcher, who signs no statement.
 */
export async function publicFolder(trustDir: string, name: SignerName | 'fetcher'): Promise<string> {
  const own = join(trustDir, name);
  const there = await stat(own).catch(absent);
  return there?.isDirectory() === true ? own : trustDir;
}

/**
 * The public files of all keys in a trust directory, of present and former ones.
 *
 * @throws CountersignError `invalid_input` for one that is damaged.
 */
export async function readPublicFiles(trustDir: string): Promise<PublicFile[]> {
  const read = SIGNER_NAMES.map(async (name) => readFilesOf(await publicFolder(trustDir, name), name));
  return (await Promise.all(read)).flat();
}

async function readFilesOf(folder: string, name: SignerName): Promise<PublicFile[]> {
  const isOne = new RegExp(`^${name}(\\.[0-9a-f]{16})?\\.pub\\.json$`);
  const names = (await readdir(folder).catch(absent)) ?? [];
  const files = names.filter((file) => isOne.test(file)).sort();
  const read = await Promise.all(files.map((file) => readNamed(folder, file, name)));
  return read.filter((file) => file !== null);
}

/** A file that is named after a key holds that key and no other. */
async function readNamed(directory: string, base: string, name: SignerName): Promise<PublicFile | null> {
  const path = join(directory, base);
  const file = await readFileOf(path, name);
  if (file === null || path === publicPath(directory, name) || path === retiredPath(directory, file))
    return file;
  throw damaged(path, [`keyId: this file's name is that of another key than ${file.keyId}`]);
}

/** A public file's word in a trust policy. */
export function trustedSignerOf(file: PublicFile): TrustedSigner {
  return { ...file, predicates: [...SIGNS[file.name]] };
}

/** A signer's public file; null when there is none. */
export function readPublicFile(directory: string, name: SignerName): Promise<PublicFile | null> {
  return readFileOf(publicPath(directory, name), name);
}

async function readFileOf(path: string, name: SignerName): Promise<PublicFile | null> {
  const text = await readFile(path, 'utf8').catch(absent);
  if (text === null) return null;
  const result = PublicFile.safeParse(parseJson(text, path));
  if (!result.success) {
    throw damaged(
      path,
      result.error.issues.map(({ path: keys, message }) => `${keys.join('.')}: ${message}`),
    );
  }
  if (result.data.name !== name) throw damaged(path, [`name: expected ${name}, found ${result.data.name}`]);
  const problem = signerProblem(result.data);
  if (problem !== null) throw damaged(path, [problem]);
  return result.data;
}

function absent(error: unknown): null {
  if (isErrno(error, 'ENOENT')) return null;
  throw error;
}

/** Writes a signer's public file unless there is one. */
export async function createPublicFile(directory: string, file: PublicFile): Promise<void> {
  const path = publicPath(directory, file.name);
  await createFile({ path, text: textOf(file), mode: 0o644, at: new Date(file.validFrom) });
}

/** Writes a public file in one step, in place of one that is there. */
export async function replacePublicFile(path: string, file: PublicFile): Promise<void> {
  await replaceFile({ path, text: textOf(file), mode: 0o644, at: new Date(file.validFrom) });
}

function textOf(file: PublicFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(path, ['not JSON']);
  }
}

function damaged(path: string, messages: readonly string[]): CountersignError {
  const fix =
    'restore it from a backup, or remove it if the private key is beside it, or the signer signs keyless';
  return invalidInput(
    'the public key file',
    messages.map((message) => ({ where: path, message, fix })),
  );
}
