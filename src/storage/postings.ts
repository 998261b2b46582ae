import type { Digest, MessageRef } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import type { PostingKind } from './delivery-tables.ts';

/** A message about something, in a channel. */
export interface Posting {
  /** Opaque. */
  readonly id: string;
  readonly kind: PostingKind;
  readonly about: string;
  readonly viewDigest: Digest | null;
  /** Where it should be: a channel, or a person to whom it goes directly. */
  readonly channel: string;
  /** The message whose thread it is in; empty where it is in none. */
  readonly thread: string;
  /** Null while the provider has not confirmed the message. */
  readonly ts: string | null;
  /** The channel in which the confirmed message stands: for a person, that of their direct messages. */
  readonly standsIn: string | null;
  /** What the buttons of the message that counts carry: `id`, until that message was lost and sent again. */
  readonly presentation: string;
}

/** The message that stands for a posting; null while none is confirmed. */
export function standingMessage({ channel, standsIn, ts }: Posting): MessageRef | null {
  return ts === null ? null : { channel: standsIn ?? channel, ts };
}

/** What it takes to claim a posting. */
export interface PostingClaim extends Pick<Posting, 'id' | 'kind' | 'about' | 'viewDigest' | 'channel'> {
  /** In whose thread; in none unless given. */
  readonly thread?: string;
}

/** Claims the posting of something in a channel; the same thing is never posted there twice. */
export async function claimPosting(tx: Db, posting: PostingClaim): Promise<Posting> {
  const { id, kind, about, viewDigest, channel, thread = '' } = posting;
  await tx
    .insertInto('postings')
    .values({ id, kind, about, view_digest: viewDigest, channel, thread, ts: null })
    .onConflict((oc) => oc.columns(['kind', 'about', 'channel', 'thread']).doNothing())
    .execute();
  const row = await tx
    .selectFrom('postings')
    .selectAll()
    .where('kind', '=', kind)
    .where('about', '=', about)
    .where('channel', '=', channel)
    .where('thread', '=', thread)
    .executeTakeFirstOrThrow();
  return postingOf(row);
}

/** Notes where the message stands that counts from now on, and what its buttons carry where that is new. */
export async function confirmPosting(
  tx: Tx,
  id: string,
  ref: MessageRef,
  presentation?: string,
): Promise<void> {
  await tx
    .updateTable('postings')
    .set({ stands_in: ref.channel, ts: ref.ts, ...(presentation === undefined ? {} : { presentation }) })
    .where('id', '=', id)
    .execute();
}

/**
 * Takes a message for the posting's while none is confirmed; changes nothing where one is, or where somebody is about
 * to confirm one.
 */
export async function adoptMessage(db: Db, id: string, ref: MessageRef, presentation: string): Promise<void> {
  const unconfirmed = db
    .selectFrom('postings')
    .select('id')
    .where('id', '=', id)
    .where('ts', 'is', null)
    .forNoKeyUpdate()
    .skipLocked();
  await db
    .updateTable('postings')
    .set({ stands_in: ref.channel, ts: ref.ts, presentation })
    .where('id', 'in', unconfirmed)
    .execute();
}

/** All messages about something. */
export async function postingsAbout(db: Db, kind: Posting['kind'], about: string): Promise<Posting[]> {
  const rows = await db
    .selectFrom('postings')
    .selectAll()
    .where('kind', '=', kind)
    .where('about', '=', about)
    .execute();
  return rows.map(postingOf);
}

/** Takes the posting's row lock, so that updates of one message take turns. */
export async function lockPosting(tx: Tx, id: string): Promise<Posting | null> {
  const row = await tx
    .selectFrom('postings')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row === undefined ? null : postingOf(row);
}

/** The same, but null at once where somebody else holds it. */
export async function tryLockPosting(tx: Tx, id: string): Promise<Posting | null> {
  const row = await tx
    .selectFrom('postings')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row === undefined ? null : postingOf(row);
}

/** A posting as its row has it. */
export function postingOf(row: {
  id: string;
  kind: Posting['kind'];
  about: string;
  view_digest: string | null;
  channel: string;
  thread: string;
  ts: string | null;
  stands_in: string | null;
  presentation: string | null;
}): Posting {
  return {
    id: row.id,
    kind: row.kind,
    about: row.about,
    viewDigest: row.view_digest as Digest | null,
    channel: row.channel,
    thread: row.thread,
    ts: row.ts,
    standsIn: row.stands_in,
    presentation: row.presentation ?? row.id,
  };
}
