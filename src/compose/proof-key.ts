import { CountersignError } from '../domain/index.ts';
import { newOpeningKey } from '../lib/index.ts';
import { type KeyFolders, openPublishedKey, type PublishedKey, readPublishedKey } from './published-key.ts';

const PROOFS: PublishedKey = { of: 'approvals', name: 'proofs' };

/**
 * The private key with which the bot reads the proofs of answers by API.
 *
 * @throws CountersignError `invalid_input` for a file that others may read
 */
export function openProofKey(folders: KeyFolders): Promise<string> {
  return openPublishedKey(folders, PROOFS, newOpeningKey);
}

/**
 * The public key to which the API seals proofs. Read each time: the bot may be started later, or have made another.
 *
 * @throws CountersignError `unavailable` while there is none
 */
export async function readProofKey(folders: Pick<KeyFolders, 'trustDir'>): Promise<string> {
  const { path, text } = await readPublishedKey(folders, PROOFS);
  if (text !== null) return text;
  throw new CountersignError(
    'unavailable',
    `nothing was recorded: ${path} is not there yet; start the surface bot, which makes it, and send the same again`,
  );
}
