import { randomBytes } from 'node:crypto';
import { conflict } from './failure.ts';
import { exists, readIfPresent, writePrivately } from './file.ts';
import type { Place } from './place.ts';

/** The only user of the embedded database. */
export const USER = 'countersign';

/**
 * The database's password: the one on file, or a new one where no database exists yet.
 * @throws CountersignError `conflict` when a database is there but its password is not
 */
export async function openPassword(place: Place): Promise<string> {
  if (await exists(place.data)) return await recordedPassword(place);
  const password = randomBytes(32).toString('base64url');
  await writePrivately(place.passwordFile, `${password}\n`);
  return password;
}

async function recordedPassword(place: Place): Promise<string> {
  const password = (await readIfPresent(place.passwordFile))?.trim();
  if (password) return password;
  throw conflict(
    `there is a database in ${place.data}, but its password file ${place.passwordFile} is missing; put the file back, or remove ${place.home} to start with an empty database`,
  );
}
