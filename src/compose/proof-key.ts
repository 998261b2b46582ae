import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno, loadOrCreateSecret, publicFolder, replaceFile } from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import { CountersignError } from '../domain/index.ts';
import { newOpeningKey, sealingKeyOf } from '../lib/index.ts';
import { systemClock } from './clock.ts';

/**
 * The private key with which the bot reads the proofs of answers by API, beside its signing key and made on first use. Its
 * public half is left for the API where the key of the approvals is.
 *
 * @throws CountersignError `invalid_input` for a file that others may read
 */
export async function openProofKey(config: Pick<Config, 'keysDir' | 'trustDir'>): Promise<string> {
  const now = systemClock.now();
  const key = await loadOrCreateSecret(join(config.keysDir, 'approvals', 'proofs.key'), newOpeningKey, now);
  const published = { path: await publishedPath(config), text: sealingKeyOf(key) };
  if ((await readPublished(published.path)) !== published.text)
    await replaceFile({ ...published, mode: 0o644, at: new Date(now) });
  return key;
}

/**
 * The public key to which the API seals proofs. Read each time: the bot may be started later, or have made another.
 *
 * @throws CountersignError `unavailable` while there is none
 */
export async function readProofKey(config: Pick<Config, 'trustDir'>): Promise<string> {
  const path = await publishedPath(config);
  const text = await readPublished(path);
  if (text !== null) return text;
  throw new CountersignError(
    'unavailable',
    `nothing was recorded: ${path} is not there yet; start the surface bot, which makes it, and send the same again`,
  );
}

async function publishedPath({ trustDir }: Pick<Config, 'trustDir'>): Promise<string> {
  return join(await publicFolder(trustDir, 'approvals'), 'proofs.pub.pem');
}

async function readPublished(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
}
