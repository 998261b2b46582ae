import { CountersignError } from '../domain/index.ts';
import { newTextKey } from '../lib/index.ts';
import type { RunSealContext } from '../services/index.ts';
import { type KeyFolders, openPublishedKey, type PublishedKey, readPublishedKey } from './published-key.ts';

/** Those beside whose keys the surfaces that queue runs have the keys of their seals. */
type Sealer = 'ledger' | 'worker';

const keyOf = (of: Sealer): PublishedKey => ({ of, name: `${of}.runs` });

/**
 * What a surface seals the runs with that it queues, and how it knows the seals of both surfaces that queue any. Public
 * halves are read each time: the other surface may be started later, or have made another key.
 *
 * @throws CountersignError `invalid_input` for a file that others may read
 */
export async function openRunSeals(folders: KeyFolders, of: Sealer): Promise<RunSealContext> {
  const runSealKey = await openPublishedKey(folders, keyOf(of), newTextKey);
  return { runSealKey, runSealKeys: () => readRunSealKeys(folders) };
}

/** The worker queues again what the API queued, so its key may be missing and the API's may not. */
async function readRunSealKeys(folders: KeyFolders): Promise<readonly string[]> {
  const api = await readPublishedKey(folders, keyOf('ledger'));
  if (api.text === null)
    throw new CountersignError(
      'unavailable',
      `${api.path} is not there, and no run is known without it: start the surface api, which makes it`,
    );
  const worker = await readPublishedKey(folders, keyOf('worker'));
  return worker.text === null ? [api.text] : [api.text, worker.text];
}
