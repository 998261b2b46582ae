import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { conflict, systemCode, USE_YOUR_OWN, unavailable } from './failure.ts';
import { exists, readIfPresent, syncFolder } from './file.ts';
import { USER } from './password.ts';
import type { Place } from './place.ts';
import { CHILD_ENVIRONMENT } from './process.ts';
import type { Durability } from './settings.ts';

/** What it takes to make a database. */
export interface ClusterPlan {
  readonly place: Place;
  readonly binaries: Binaries;
  readonly account: Account | null;
  readonly password: string;
  readonly durability: Durability;
}

/**
 * Makes sure that a whole database of our version is in place. A new one is made beside its place and moved there
 * when it is complete, so what a crash left half made is never used, and is removed here.
 * @throws CountersignError `conflict` when the database is another version's
 */
export async function openCluster(plan: ClusterPlan, onProgress: (message: string) => void): Promise<void> {
  const { place, binaries } = plan;
  await removeHalfMade(place);
  if (!(await exists(place.data))) {
    onProgress(`Creating a Postgres ${binaries.major} database in ${place.data}`);
    return await createCluster(plan);
  }
  const major = (await readIfPresent(join(place.data, 'PG_VERSION')))?.trim();
  if (major === binaries.major) return;
  throw conflict(
    major === undefined
      ? `${place.data} is not a Postgres database (it has no file PG_VERSION); move it away, then start again`
      : `the database in ${place.data} was made by Postgres ${major}, this Countersign brings Postgres ${binaries.major}; export it with the Countersign that made it (pg_dump), move ${place.data} away, start again and import it`,
  );
}

const HALF_MADE = 'new-database-';

async function removeHalfMade(place: Place): Promise<void> {
  for (const entry of await readdir(place.home)) {
    if (!entry.startsWith(HALF_MADE)) continue;
    // An initdb that outlived us may still write there for a moment.
    await rm(join(place.home, entry), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

async function createCluster(plan: ClusterPlan): Promise<void> {
  const { place, account } = plan;
  const nursery = join(place.home, `${HALF_MADE}${randomUUID()}`);
  const passwordFile = join(nursery, 'password');
  try {
    await mkdir(nursery, { mode: 0o700 });
    await writeFile(passwordFile, `${plan.password}\n`, { flag: 'wx', mode: 0o600 });
    if (account !== null) await giveTo(account, [passwordFile, nursery]);
    await runInitdb(plan, join(nursery, 'data'), passwordFile);
    await rename(join(nursery, 'data'), place.data);
    await syncFolder(place.home);
  } finally {
    await rm(nursery, { recursive: true, force: true });
  }
}

async function giveTo(account: Account, paths: readonly string[]): Promise<void> {
  for (const path of paths) await chown(path, account.uid, account.gid);
}

async function runInitdb(plan: ClusterPlan, data: string, passwordFile: string): Promise<void> {
  const initdb = join(plan.binaries.root, 'bin', 'initdb');
  const args = ['-D', data, `--username=${USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--no-locale', '--no-instructions');
  if (plan.durability === 'none') args.push('--no-sync');
  const as = plan.account === null ? {} : { uid: plan.account.uid, gid: plan.account.gid };
  try {
    await promisify(execFile)(initdb, args, { cwd: '/', env: CHILD_ENVIRONMENT, ...as });
  } catch (error) {
    throw initdbFailed(plan, initdb, error);
  }
}

function initdbFailed(plan: ClusterPlan, initdb: string, error: unknown): Error {
  if (plan.account !== null && ['EPERM', 'EINVAL'].includes(systemCode(error) ?? '')) {
    return unavailable(
      `Postgres refuses to run as root, and this machine does not let us switch to uid ${plan.account.uid}; run Countersign as an ordinary user, ${USE_YOUR_OWN}`,
      error,
    );
  }
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const code = systemCode(error);
  const silent = code === undefined ? 'it was interrupted' : `it could not be run (${code}); ${USE_YOUR_OWN}`;
  return unavailable(
    `${initdb} could not create the database in ${plan.place.data}: ${said === '' ? silent : said}`,
    error,
  );
}
