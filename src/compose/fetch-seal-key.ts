import { CountersignError } from '../domain/index.ts';
import { newTextKey } from '../lib/index.ts';
import { type KeyFolders, openPublishedKey, type PublishedKey, readPublishedKey } from './published-key.ts';

const FETCHES: PublishedKey = { of: 'fetcher', name: 'fetches' };

/**
 * The private key with which the fetcher seals what came of a fetch: the only one that it has.
 *
 * @throws CountersignError `invalid_input` for a file that others may read
 */
export function openFetchSealKey(folders: KeyFolders): Promise<string> {
  return openPublishedKey(folders, FETCHES, newTextKey);
}

/**
 * The public key by which the API knows those seals. Read each time: the fetcher may be started later, or have made another.
 *
 * @throws CountersignError `unavailable` while there is none
 */
export async function readFetchSealKey(folders: Pick<KeyFolders, 'trustDir'>): Promise<string> {
  const { path, text } = await readPublishedKey(folders, FETCHES);
  if (text !== null) return text;
  throw new CountersignError(
    'unavailable',
    `${path} is not there, and nothing that was fetched is known without it: start the surface fetcher, which makes it, and send the same again`,
  );
}
