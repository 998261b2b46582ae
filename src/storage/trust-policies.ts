import type { Digest, Instant } from '../domain/index.ts';
import type { Db } from './database.ts';

/** A signed trust policy, by its version and the digest of its file. */
export interface SeenPolicy {
  readonly version: number;
  readonly digest: Digest;
}

/** Notes that a policy was seen, unless one of its version was, and tells the newest and the first of this version. */
export async function notePolicy(
  db: Db,
  { version, digest }: SeenPolicy,
  now: Instant,
): Promise<{ readonly newest: SeenPolicy; readonly same: SeenPolicy }> {
  await db
    .insertInto('trust_policies')
    .values({ version, digest, first_seen_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const same = await policies(db).where('version', '=', version).executeTakeFirstOrThrow();
  return { newest: (await newestPolicy(db)) ?? { version, digest }, same: toSeen(same) };
}

/** The highest version that was ever seen; null where none was. */
export async function newestPolicy(db: Db): Promise<SeenPolicy | null> {
  const row = await policies(db).orderBy('version', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? null : toSeen(row);
}

function policies(db: Db) {
  return db.selectFrom('trust_policies').select(['version', 'digest']);
}

function toSeen({ version, digest }: { version: number; digest: string }): SeenPolicy {
  return { version, digest: digest as Digest };
}
