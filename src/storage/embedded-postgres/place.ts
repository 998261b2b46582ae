import { createHash } from 'node:crypto';
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { conflict } from './failure.ts';
import { absent, exists, readIfPresent, writePrivately } from './file.ts';

/** Where root keeps what an unprivileged user must reach. */
export const SHARED_FOLDER = '/var/lib/countersign';

/** Where the parts of one embedded Postgres lie. */
export interface Place {
  /** Whether we are root, so that Postgres must run as somebody else. */
  readonly asRoot: boolean;
  /** `postgres` inside the data folder: the password, and for an ordinary user everything else too. */
  readonly folder: string;
  /** The folder of the lock, the database, the log and copied binaries: as root outside of the data folder. */
  readonly home: string;
  /** The database itself. */
  readonly data: string;
  /** The password of the database's only user. */
  readonly passwordFile: string;
  /** Names the home, so that a moved data folder is noticed; written as root only. */
  readonly locationFile: string;
  readonly logFile: string;
}

/** Says where things lie for this data folder, whether it exists or not. Changes nothing. */
export async function placeOf(dataDir: string): Promise<Place> {
  const asRoot = process.getuid?.() === 0;
  const real = await realpathSoFar(resolve(dataDir));
  const folder = join(real, 'postgres');
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 16);
  const home = asRoot ? join(SHARED_FOLDER, hash) : folder;
  return {
    asRoot,
    folder,
    home,
    data: join(home, 'data'),
    passwordFile: join(folder, 'password'),
    locationFile: join(folder, 'location'),
    logFile: join(home, 'postgres.log'),
  };
}

/** The real path of what exists, with the rest of the name appended. */
async function realpathSoFar(path: string): Promise<string> {
  const real = await realpath(path).catch(absent);
  return real ?? join(await realpathSoFar(dirname(path)), basename(path));
}

/**
 * Creates the folders and refuses a data folder whose database somebody else made or that was moved away from it.
 * @throws CountersignError `conflict`
 */
export async function openPlace(dataDir: string): Promise<Place> {
  const place = await placeOf(dataDir);
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  await refuseForeignFolder(place);
  if (place.asRoot) await openHomeOfRoot(place);
  return place;
}

async function refuseForeignFolder(place: Place): Promise<void> {
  const { uid } = await lstat(place.folder);
  if (uid === process.getuid?.() && !(place.asRoot && (await exists(join(place.folder, 'data'))))) return;
  throw conflict(
    `${place.folder} holds a database that another user (uid ${uid}) made; start Countersign as that user, or choose another data folder`,
  );
}

async function openHomeOfRoot(place: Place): Promise<void> {
  await refuseMovedFolder(place);
  await mkdir(place.home, { recursive: true, mode: 0o755 });
  if (!(await exists(place.locationFile))) await writePrivately(place.locationFile, `${place.home}\n`);
}

/**
 * Refuses a data folder whose path changed since root's database was made for it: the database is still where it was.
 * @throws CountersignError `conflict`
 */
export async function refuseMovedFolder(place: Place): Promise<void> {
  const recorded = (await readIfPresent(place.locationFile))?.trim() ?? place.home;
  if (recorded === place.home) return;
  throw conflict(
    `the database of ${dirname(place.folder)} lies in ${recorded}, because the data folder had another path when it was made; move the data folder back, or remove ${place.folder} to start with an empty database`,
  );
}
