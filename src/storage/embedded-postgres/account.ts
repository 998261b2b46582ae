import { chmod, chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { USE_YOUR_OWN, unavailable } from './failure.ts';
import { absent, type Owner } from './file.ts';
import type { Place } from './place.ts';
import { output } from './process.ts';

/** Whom Postgres runs as when we are root, since it refuses to run as root. */
export type Account = Owner;

// initdb looks its user up by name, so a bare number without an entry would not do.
const CANDIDATES = ['postgres', '_postgres', 'nobody'];

/**
 * The account to switch to (null: stay who we are), let into its home. A database that exists keeps its owner, even
 * if a better user has appeared since.
 */
export async function openAccount(place: Place): Promise<Account | null> {
  if (!place.asRoot) return null;
  const owner = await stat(place.data).catch(absent);
  const account = owner === null ? await findAccount() : { uid: owner.uid, gid: owner.gid };
  // Only root writes in the home; the account may walk through to what is its own there, nobody else may.
  await letThrough(dirname(place.home));
  await chown(place.home, 0, account.gid);
  await chmod(place.home, 0o710);
  return account;
}

/** Others may pass through the shared folder, but see no more of it than its owner has allowed them already. */
async function letThrough(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) await chmod(folder, (mode & 0o7777) | 0o001);
}

async function findAccount(): Promise<Account> {
  for (const name of CANDIDATES) {
    const ids = await Promise.all([output('id', ['-u', name]), output('id', ['-g', name])]).catch(() => null);
    if (ids !== null) return { uid: Number(ids[0]), gid: Number(ids[1]) };
  }
  throw unavailable(
    `Postgres refuses to run as root and this machine has none of the users ${CANDIDATES.join(', ')}; run Countersign as an ordinary user, ${USE_YOUR_OWN}`,
  );
}
