import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  CountersignError,
  Instant,
  invalidInput,
  KeyId,
  SIGNER_NAMES,
  SIGNS,
  type SignerName,
  type TrustedSigner,
} from '../domain/index.ts';
import { createFile, isErrno } from './create-file.ts';
import { keyIdOf, readPublicKey } from './key.ts';

/** `<name>.pub.json`: what everybody may know of a signer. `validUntil` is added by hand when a key is retired. */
const PublicFile = z.strictObject({
  name: z.enum(SIGNER_NAMES),
  keyId: KeyId,
  publicKey: z.string(),
  validFrom: Instant,
  validUntil: Instant.optional(),
});
export type PublicFile = z.infer<typeof PublicFile>;

/**
 * What a trust policy says of a signer, read from its public file alone.
 *
 * @throws CountersignError `not_found` when there is none; `invalid_input` when it is damaged.
 */
export async function readPublicSigner(directory: string, name: SignerName): Promise<TrustedSigner> {
  const file = await readPublicFile(directory, name);
  if (file !== null) return { ...file, predicates: [...SIGNS[name]] };
  throw new CountersignError(
    'not_found',
    `${publicPath(directory, name)} does not exist: start the surface that signs as ${name}, or copy its file here`,
  );
}

/** Where a signer's public file lies. */
export function publicPath(directory: string, name: SignerName): string {
  return join(directory, `${name}.pub.json`);
}

/** A signer's public file; null when there is none. */
export async function readPublicFile(directory: string, name: SignerName): Promise<PublicFile | null> {
  const path = publicPath(directory, name);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  if (text === null) return null;
  const result = PublicFile.safeParse(parseJson(text, path));
  if (!result.success) {
    throw damaged(
      path,
      result.error.issues.map(({ path: keys, message }) => `${keys.join('.')}: ${message}`),
    );
  }
  if (result.data.name !== name) throw damaged(path, [`name: expected ${name}, found ${result.data.name}`]);
  const problem = keyProblem(result.data);
  if (problem !== null) throw damaged(path, [problem]);
  return result.data;
}

function keyProblem({ publicKey, keyId }: PublicFile): string | null {
  try {
    return keyIdOf(readPublicKey(publicKey)) === keyId ? null : 'keyId: is not that of publicKey';
  } catch (error) {
    return `publicKey: ${error instanceof Error ? error.message : 'cannot be read'}`;
  }
}

/** Writes a signer's public file unless there is one. */
export async function createPublicFile(directory: string, file: PublicFile): Promise<void> {
  const path = publicPath(directory, file.name);
  await createFile({
    path,
    text: `${JSON.stringify(file, null, 2)}\n`,
    mode: 0o644,
    at: new Date(file.validFrom),
  });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(path, ['not JSON']);
  }
}

function damaged(path: string, messages: readonly string[]): CountersignError {
  const fix = 'restore it from a backup, or remove it if the private key is beside it';
  return invalidInput(
    'the public key file',
    messages.map((message) => ({ where: path, message, fix })),
  );
}
