import type { Digest, MessageRef } from '../domain/index.ts';
import {
  claimPosting,
  confirmPosting,
  findPosting,
  lockPosting,
  type Posting,
  postingsAbout,
} from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** What a button's opaque value leads to. Null when no such card was posted. */
export async function findCard(ctx: BaseContext, presentationId: string): Promise<Posting | null> {
  const posting = await findPosting(ctx.db, presentationId);
  return posting?.kind === 'approval_card' ? posting : null;
}

/** The cards of an approval request; the first is claimed in the given channel when there is none there yet. */
export async function cardsOf(
  ctx: BaseContext,
  request: { id: string; viewDigest: Digest },
  channel: string,
): Promise<Posting[]> {
  const existing = await postingsAbout(ctx.db, 'approval_card', request.id);
  return existing.length > 0 ? existing : [await cardIn(ctx, request, channel)];
}

/** The card of an approval request in a channel; claimed where there is none there yet. */
export function cardIn(
  { db, newId }: BaseContext,
  { id: about, viewDigest }: { id: string; viewDigest: Digest },
  channel: string,
): Promise<Posting> {
  return claimPosting(db, { id: newId(), kind: 'approval_card', about, viewDigest, channel });
}

/** The notice about a hop of an approval request in a channel; claimed where there is none there yet. */
export function noticeIn(
  { db, newId }: BaseContext,
  { requestId, hop }: { requestId: string; hop: string },
  channel: string,
): Promise<Posting> {
  const about = `${requestId} ${hop}`;
  return claimPosting(db, { id: newId(), kind: 'approval_notice', about, viewDigest: null, channel });
}

/** Where the cards of an approval request stand. */
export async function postedCards(ctx: BaseContext, requestId: string): Promise<MessageRef[]> {
  const postings = await postingsAbout(ctx.db, 'approval_card', requestId);
  return postings.flatMap(({ channel, ts }) => (ts === null ? [] : [{ channel, ts }]));
}

/**
 * Shows a message under its posting's lock: `show` posts it, or updates it where it stands. Updates of one message
 * take turns, so an older state never overwrites a newer one that was read under the lock.
 */
export async function showPosting(
  ctx: BaseContext,
  id: string,
  show: (posting: Posting) => Promise<MessageRef | null>,
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const posting = await lockPosting(tx, id);
    if (posting === null) return;
    const ref = await show(posting);
    if (ref !== null) await confirmPosting(tx, id, ref);
  });
}
