import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Where a signer's private key lies. */
export function privatePath(directory: string, name: SignerName): string {
  return join(directory, `${name}.key.pem`);
}

/**
 * A signer's private key; null when there is none.
 *
 * @throws CountersignError `invalid_input` for a file that others may read, or that is no regular file.
 */
export async function readPrivateFile(directory: string, name: SignerName): Promise<PrivateFile | null> {
  const path = privatePath(directory, name);
  const opened = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  if (opened === null) return null;
  await using file = opened;
  const stats = await file.stat();
  if (!stats.isFile()) throw new CountersignError('invalid_input', `${path} is not a regular file`);
  if ((stats.mode & OTHERS) !== 0) {
    const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
    throw new CountersignError(
      'invalid_input',
      `${path} has mode ${mode}, so others may use the key: run chmod 600 ${path}, and replace the key if they did`,
    );
  }
  return { pem: await file.readFile('utf8'), modifiedAt: stats.mtime.toISOString() };
}

/** Makes a private key for a signer unless there is one. */
export async function createPrivateFile(
  directory: string,
  name: SignerName,
  making: KeyMaking,
): Promise<void> {
  await createFile(newKeyFile(directory, name, making));
}

/** Makes a private key for a signer in place of the one that is there, which is gone then. */
export async function replacePrivateFile(
  directory: string,
  name: SignerName,
  making: KeyMaking,
): Promise<void> {
  await replaceFile(newKeyFile(directory, name, making));
}

/** When a key is made, and of which kind. */
interface KeyMaking {
  readonly now: Instant;
  readonly algorithm: SigningAlgorithm;
}

function newKeyFile(directory: string, name: SignerName, { now, algorithm }: KeyMaking): NewFile {
  const { privateKey: text } = createSigningKey(algorithm);
  return { path: privatePath(directory, name), text, mode: 0o600, at: new Date(now) };
}
