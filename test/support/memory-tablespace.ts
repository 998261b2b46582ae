import { chown, mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** A file system in memory, on Linux. */
const MEMORY = '/dev/shm';
/** Room for the databases that are there at one time, several times over. */
const ENOUGH_BYTES = 2 ** 30;

/**
 * Moves the template of the tests' databases into memory, where its clones follow it; a container's few megabytes are left
 * alone. To make and unmake the hundreds of files of each of many databases takes a file system on a disk much longer.
 * @returns removes what it left there, once the server has stopped
 */
export async function moveToMemory(connectionString: string): Promise<() => Promise<void>> {
  if ((await roomInMemory()) < ENOUGH_BYTES) return async () => {};
  const folder = await mkdtemp(join(MEMORY, 'countersign-test-'));
  const url = new URL(connectionString);
  url.pathname = '/template1';
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  try {
    const { rows } = await client.query<{ data: string }>(`select current_setting('data_directory') as data`);
    const { uid, gid } = await stat(rows[0]?.data ?? '');
    await chown(folder, uid, gid);
    await client.query(`create tablespace memory location '${folder}'`);
    await client.query('alter database postgres set tablespace memory');
  } finally {
    await client.end();
  }
  return () => rm(folder, { recursive: true, force: true });
}

/** Bytes that are free there; none where there is no such place. */
async function roomInMemory(): Promise<number> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize;
}
