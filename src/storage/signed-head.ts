import type { Instant } from '../domain/index.ts';
import type { Db } from './database.ts';

/** What whoever holds the ledger's key said last of the ledger's head. */
export interface HeadWord {
  /** The signed note; null where it was refused. */
  readonly note: string | null;
  /** Why the head is not signed; null where it is. */
  readonly refusal: string | null;
  readonly saidAt: Instant;
}

/** Replaces what was said before. */
export async function saveHeadWord(db: Db, { note, refusal, saidAt }: HeadWord): Promise<void> {
  const word = { note, refusal, said_at: saidAt };
  await db
    .insertInto('signed_head')
    .values({ is_only: true, ...word })
    .onConflict((oc) => oc.column('is_only').doUpdateSet(word))
    .execute();
}

/** What was said last; null before the first word. */
export async function headWord(db: Db): Promise<HeadWord | null> {
  const row = await db
    .selectFrom('signed_head')
    .select(['note', 'refusal', 'said_at as saidAt'])
    .executeTakeFirst();
  return row ?? null;
}
