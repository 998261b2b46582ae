import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { asUnavailable, systemCode } from './failure.ts';
import { absent, exists } from './file.ts';
import { acquireLock } from './lock.ts';
import { type Place, placeOf, refuseMovedFolder, SHARED_FOLDER } from './place.ts';
import { findOrphan, stopPostmaster } from './postmaster.ts';

/**
 * Removes what the embedded Postgres of a data folder keeps outside of that folder: as root the database and the
 * binaries, for an ordinary user nothing. To be called when it was stopped; a server that a killed process left
 * running is stopped.
 * @throws CountersignError `conflict` while the database is in use, or when the data folder was moved away from it
 */
export async function removeEmbeddedPostgres(dataDir: string): Promise<void> {
  const place = await placeOf(dataDir);
  if (!place.asRoot) return;
  try {
    await refuseMovedFolder(place);
    if (await exists(place.home)) await setAside(place);
    await removeSetAside(place);
    await rm(place.passwordFile, { force: true });
    await rm(place.locationFile, { force: true });
    await removeIfEmpty(SHARED_FOLDER);
  } catch (error) {
    throw asUnavailable(error, 'the embedded Postgres could not be removed');
  }
}

/** Renames the home with its lock in it, so that a start at the same time makes a new one and not half of this. */
async function setAside(place: Place): Promise<void> {
  const lock = await acquireLock(place.home);
  try {
    const orphan = await findOrphan(place, null);
    if (orphan !== null) await stopPostmaster(orphan);
    await rename(place.home, `${place.home}.removed-${randomUUID()}`);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Also what a crash kept an earlier removal from removing. */
async function removeSetAside(place: Place): Promise<void> {
  const entries = (await readdir(SHARED_FOLDER).catch(absent)) ?? [];
  for (const entry of entries.filter((e) => e.startsWith(`${basename(place.home)}.removed-`))) {
    await rm(join(SHARED_FOLDER, entry), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(systemCode(error) ?? '')) throw error;
  });
}
