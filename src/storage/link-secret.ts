import type { Instant } from '../domain/index.ts';
import type { Db } from './database.ts';

/** The secret that signs links: the one that is kept, or this new one where there is none. */
export async function keepLinkSecret(db: Db, secret: string, now: Instant): Promise<string> {
  await db
    .insertInto('link_secret')
    .values({ only_one: true, secret, made_at: now })
    .onConflict((oc) => oc.doNothing())
    .execute();
  return (await db.selectFrom('link_secret').select('secret').executeTakeFirstOrThrow()).secret;
}
