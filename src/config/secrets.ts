import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CountersignError } from '../domain/index.ts';
import type { Variables } from './environment.ts';

/** Where a secret is that the configuration names. */
export type SecretPlace = { readonly env: string } | { readonly file: string };

/** Reads what a configuration only names. */
export interface ConfiguredSecrets {
  /** @throws CountersignError `invalid_input` that names where it was looked for, and holds nothing of it */
  secret(place: SecretPlace): Promise<string>;
  /** A path in the configuration, absolute. */
  pathOf(path: string): string;
}

const MAX_BYTES = 64 * 1024;

/** Makes the reader of secrets, and of paths relative to the configuration. */
export function configuredSecrets(configFile: string, variables: Variables = process.env): ConfiguredSecrets {
  const pathOf = (path: string) => resolve(dirname(configFile), path);
  return {
    pathOf,
    secret: async (place) => {
      const [where, text] =
        'env' in place
          ? [`the environment variable ${place.env}`, variables[place.env] ?? '']
          : [`the file ${pathOf(place.file)}`, await readSecret(pathOf(place.file))];
      return sendable(where, text.trim());
    },
  };
}

async function readSecret(path: string): Promise<string> {
  try {
    const { size, isFile } = await stat(path).then((stats) => ({ size: stats.size, isFile: stats.isFile() }));
    if (!isFile || size > MAX_BYTES) throw Object.assign(new Error(), { code: isFile ? 'EFBIG' : 'ENOTREG' });
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CountersignError('invalid_input', `the secret in the file ${path} cannot be read (${code})`);
  }
}

/** Characters that no header takes would fail later, in words that might hold the secret. */
function sendable(where: string, secret: string): string {
  if (secret === '')
    throw new CountersignError('invalid_input', `${where} holds no secret: it is empty or not set`);
  if (/[^\x20-\x7e]/.test(secret))
    throw new CountersignError(
      'invalid_input',
      `the secret in ${where} holds characters that cannot be sent`,
    );
  return secret;
}
