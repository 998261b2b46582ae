import { constants, mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CountersignError, type Instant, type SignerName, type SigningAlgorithm } from '../domain/index.ts';
import { createFile, isErrno, type NewFile, replaceFile } from './create-file.ts';
import { createSigningKey } from './key.ts';

/** A private key as it lies on disk. */
export interface PrivateFile {
  /** PEM PKCS#8. */
  readonly pem: string;
  /** The file's time of modification: when the key was made, or put there. */
  readonly modifiedAt: Instant;
}

const OTHERS = 0o077;
const GROUP_READS = 0o040;
/** Of a folder: setgid, open to its group, closed to all others. Nobody gets such a one without asking for it. */
const SHARED = { bits: 0o2070, of: 0o2077 };

/**
 * The group that shares the keys of a folder, for accounts that sign with the same one: that of a folder with mode 2770.
 * Null where the key is one account's alone.
 */
async function sharingGroup(directory: string): Promise<number | null> {
  const { mode, gid } = await stat(directory);
  return (mode & SHARED.of) === SHARED.bits ? gid : null;
}

/** Where a signer's private key lies. */
export function privatePath(directory: string, name: SignerName): string {
  return join(directory, `${name}.key.pem`);
}

/**
 * A signer's private key; null when there is none.
 *
 * @throws CountersignError `invalid_input` for a file that others may read, but for the folder's group of mode 2770; or that is no regular file.
 */
export async function readPrivateFile(directory: string, name: SignerName): Promise<PrivateFile | null> {
  return readSecretFile(privatePath(directory, name));
}

async function readSecretFile(path: string): Promise<PrivateFile | null> {
  const opened = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  if (opened === null) return null;
  await using file = opened;
  const stats = await file.stat();
  if (!stats.isFile()) throw new CountersignError('invalid_input', `${path} is not a regular file`);
  const allowed = stats.gid === (await sharingGroup(dirname(path))) ? GROUP_READS : 0;
  if ((stats.mode & OTHERS & ~allowed) !== 0) {
    const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
    throw new CountersignError(
      'invalid_input',
      `${path} has mode ${mode}, so others may use the key: run chmod ${allowed === 0 ? '600' : '640'} ${path}, and replace the key if they did`,
    );
  }
  return { pem: await file.readFile('utf8'), modifiedAt: stats.mtime.toISOString() };
}

/**
 * The text of a file that only its owner may read, and those with whom the folder's keys are shared; made on first use.
 * Processes that start at the same moment end up with the same.
 *
 * @throws CountersignError `invalid_input` for a file that others may read, or that is no regular file
 */
export async function loadOrCreateSecret(path: string, make: () => string, now: Instant): Promise<string> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const present = await readSecretFile(path);
  if (present !== null) return present.pem;
  await createFile({ path, text: make(), mode: await secretMode(directory), at: new Date(now) });
  return loadOrCreateSecret(path, make, now);
}

/** Makes a private key for a signer unless there is one. */
export async function createPrivateFile(
  directory: string,
  name: SignerName,
  making: KeyMaking,
): Promise<void> {
  await createFile(await newKeyFile(directory, name, making));
}

/** Makes a private key for a signer in place of the one that is there, which is gone then. */
export async function replacePrivateFile(
  directory: string,
  name: SignerName,
  making: KeyMaking,
): Promise<void> {
  await replaceFile(await newKeyFile(directory, name, making));
}

/** When a key is made, and of which kind. */
interface KeyMaking {
  readonly now: Instant;
  readonly algorithm: SigningAlgorithm;
}

async function newKeyFile(
  directory: string,
  name: SignerName,
  { now, algorithm }: KeyMaking,
): Promise<NewFile> {
  const { privateKey: text } = createSigningKey(algorithm);
  const mode = await secretMode(directory);
  return { path: privatePath(directory, name), text, mode, at: new Date(now) };
}

async function secretMode(directory: string): Promise<number> {
  return (await sharingGroup(directory)) === null ? 0o600 : 0o600 | GROUP_READS;
}
