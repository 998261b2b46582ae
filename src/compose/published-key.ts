import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno, loadOrCreateSecret, publicFolder, replaceFile } from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import type { SignerName } from '../domain/index.ts';
import { publicHalfOf } from '../lib/index.ts';
import { systemClock } from './clock.ts';

/** A key of a surface's besides the one that it signs statements with. */
export interface PublishedKey {
  /** The signer beside whose key it lies, or the fetcher, who signs no statement. */
  readonly of: SignerName | 'fetcher';
  /** What its files are named: `<name>.key`, and `<name>.pub.pem` for the public half. Public halves may all lie in one folder. */
  readonly name: string;
}

/** Where keys lie. */
export type KeyFolders = Pick<Config, 'keysDir' | 'trustDir'>;

/**
 * A private key, made on first use. Its public half is left for the other surfaces where the signer's public key is.
 *
 * @throws CountersignError `invalid_input` for a file that others may read
 */
export async function openPublishedKey(
  folders: KeyFolders,
  { of, name }: PublishedKey,
  make: () => string,
): Promise<string> {
  const now = systemClock.now();
  const key = await loadOrCreateSecret(join(folders.keysDir, of, `${name}.key`), make, now);
  const published = await readPublishedKey(folders, { of, name });
  const text = publicHalfOf(key);
  if (published.text !== text)
    await replaceFile({ path: published.path, text, mode: 0o644, at: new Date(now) });
  return key;
}

/** A public half as it is published now, null where it is not there yet; and where it is looked for. */
export async function readPublishedKey(
  { trustDir }: Pick<KeyFolders, 'trustDir'>,
  { of, name }: PublishedKey,
): Promise<{ readonly path: string; readonly text: string | null }> {
  const path = join(await publicFolder(trustDir, of), `${name}.pub.pem`);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  return { path, text };
}
