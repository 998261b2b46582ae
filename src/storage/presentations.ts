import type { Instant } from '../domain/index.ts';
import type { Db } from './database.ts';
import { type Posting, postingOf } from './postings.ts';

/** One sending of a posting, under the opaque name that its buttons carry. */
export interface Presentation {
  readonly id: string;
  readonly begunAt: Instant;
}

/** Notes a sending before it is begun. */
export async function insertPresentation(
  db: Db,
  { id, begunAt }: Presentation,
  posting: string,
): Promise<void> {
  await db
    .insertInto('presentations')
    .values({ id, posting, begun_at: begunAt })
    .onConflict((oc) => oc.column('id').doUpdateSet({ begun_at: begunAt }))
    .execute();
}

/** Forgets a sending of which it is certain that it came to nothing. */
export async function deletePresentation(db: Db, id: string): Promise<void> {
  await db.deleteFrom('presentations').where('id', '=', id).execute();
}

/** The sendings of a posting, the latest first. */
export async function presentationsOf(db: Db, posting: string): Promise<Presentation[]> {
  const rows = await db
    .selectFrom('presentations')
    .select(['id', 'begun_at'])
    .where('posting', '=', posting)
    .orderBy('begun_at', 'desc')
    .execute();
  return rows.map(({ id, begun_at }) => ({ id, begunAt: begun_at }));
}

/** The posting that was sent under an opaque name, whether that sending is the one that counts or not. */
export async function findPresented(db: Db, presentation: string): Promise<Posting | null> {
  const sent = db.selectFrom('presentations').select('posting').where('id', '=', presentation);
  const row = await db
    .selectFrom('postings')
    .selectAll()
    .where((eb) => eb.or([eb('id', '=', presentation), eb('id', 'in', sent)]))
    .executeTakeFirst();
  return row === undefined ? null : postingOf(row);
}
