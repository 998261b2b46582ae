import type { Digest, MessageRef } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** A message about something, in a channel. */
export interface Posting {
  /** Opaque: the value that the message's buttons carry. */
  readonly id: string;
  readonly kind: 'approval_card' | 'alert' | 'approval_notice';
  readonly about: string;
  readonly viewDigest: Digest | null;
  readonly channel: string;
  /** Null while the provider has not confirmed the message. */
  readonly ts: string | null;
}

/** Claims the posting of something in a channel; the same thing is never posted there twice. */
export async function claimPosting(tx: Db, posting: Omit<Posting, 'ts'>): Promise<Posting> {
  const { id, kind, about, viewDigest, channel } = posting;
  await tx
    .insertInto('postings')
    .values({ id, kind, about, view_digest: viewDigest, channel, ts: null })
    .onConflict((oc) => oc.columns(['kind', 'about', 'channel']).doNothing())
    .execute();
  const row = await tx
    .selectFrom('postings')
    .selectAll()
    .where('kind', '=', kind)
    .where('about', '=', about)
    .where('channel', '=', channel)
    .executeTakeFirstOrThrow();
  return fromRow(row);
}

/** Notes where a message stands. */
export async function confirmPosting(tx: Db, id: string, ref: MessageRef): Promise<void> {
  await tx.updateTable('postings').set({ channel: ref.channel, ts: ref.ts }).where('id', '=', id).execute();
}

/** A posting by its opaque id; null when there is none. */
export async function findPosting(db: Db, id: string): Promise<Posting | null> {
  const row = await db.selectFrom('postings').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** All messages about something. */
export async function postingsAbout(db: Db, kind: Posting['kind'], about: string): Promise<Posting[]> {
  const rows = await db
    .selectFrom('postings')
    .selectAll()
    .where('kind', '=', kind)
    .where('about', '=', about)
    .execute();
  return rows.map(fromRow);
}

/** Takes the posting's row lock, so that updates of one message take turns. */
export async function lockPosting(tx: Tx, id: string): Promise<Posting | null> {
  const row = await tx.selectFrom('postings').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

function fromRow(row: {
  id: string;
  kind: Posting['kind'];
  about: string;
  view_digest: string | null;
  channel: string;
  ts: string | null;
}): Posting {
  return {
    id: row.id,
    kind: row.kind,
    about: row.about,
    viewDigest: row.view_digest as Digest | null,
    channel: row.channel,
    ts: row.ts,
  };
}
