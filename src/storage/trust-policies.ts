import { sql } from 'kysely';
import type { Digest, Instant } from '../domain/index.ts';
import type { Db } from './database.ts';

/** A trust policy with its signature, as a process noted it: nothing vouches for a row but what it holds. */
export interface NotedPolicy {
  readonly version: number;
  /** Of the document. */
  readonly digest: Digest;
  /** JSON text of the detached Sigstore bundle. */
  readonly signature: string;
  readonly document: Uint8Array;
}

/** Notes a policy that is believed; one that was noted before stays as it is. */
export async function notePolicy(db: Db, policy: NotedPolicy, now: Instant): Promise<void> {
  const { version, digest, signature, document } = policy;
  await db
    .insertInto('trust_policies')
    .values({ version, digest, signature, document: Buffer.from(document), first_seen_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** How many are read at once. */
const PAGE = 8;

/** Whatever was noted of a version and of higher ones, the highest first. */
export async function* notedPolicies(db: Db, least: number): AsyncGenerator<NotedPolicy> {
  let after: NotedPolicy | undefined;
  do {
    const page = await pageAfter(db, least, after);
    yield* page;
    after = page[PAGE - 1];
  } while (after !== undefined);
}

async function pageAfter(db: Db, least: number, after: NotedPolicy | undefined): Promise<NotedPolicy[]> {
  const rows = await db
    .selectFrom('trust_policies')
    .select(['version', 'digest', 'signature', 'document'])
    .where('version', '>=', least)
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(version, digest, signature) < (${after?.version}, ${after?.digest}, ${after?.signature})`,
      ),
    )
    .orderBy('version', 'desc')
    .orderBy('digest', 'desc')
    .orderBy('signature', 'desc')
    .limit(PAGE)
    .execute();
  return rows.map((row) => ({ ...row, digest: row.digest as Digest }));
}
