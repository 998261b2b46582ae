import type { Digest, MessageRef } from '../domain/index.ts';
import {
  adoptMessage,
  claimPosting,
  confirmPosting,
  findPosting,
  findPresented,
  lockPosting,
  type Posting,
  postingsAbout,
  standingMessage,
  wantShown,
} from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** A card by what its buttons carry. */
export interface FoundCard {
  readonly posting: Posting;
  /**
   * Whether the message with these buttons is the one that counts. Of a card that was sent twice without our knowing, as
   * happens when Slack breaks off, one does; the other cannot be kept up to date, so nothing that it says may be signed.
   */
  readonly counts: boolean;
}

/** What a button's opaque value leads to. Null when no such card was sent. */
export async function findPresentedCard(ctx: BaseContext, presentationId: string): Promise<FoundCard | null> {
  const posting = await findPresented(ctx.db, presentationId);
  if (posting?.kind !== 'approval_card') return null;
  return { posting, counts: posting.ts === null || posting.presentation === presentationId };
}

/** The card that counts behind a button's opaque value; null when there is none, or that message is not the one. */
export async function findCard(ctx: BaseContext, presentationId: string): Promise<Posting | null> {
  const found = await findPresentedCard(ctx, presentationId);
  return found?.counts ? found.posting : null;
}

/**
 * A click proves where a card stands that was sent and never confirmed: from now on it is known, and kept up to date.
 * Where the card is known already nothing changes.
 */
export async function adoptClicked(
  ctx: BaseContext,
  { id, ts }: Posting,
  ref: MessageRef,
  presentationId: string,
): Promise<void> {
  if (ts === null) await adoptMessage(ctx.db, id, ref, presentationId);
}

/** A place for a copy of a card. */
export interface CardPlace {
  /** A channel by id, or a person by id, for their direct messages. */
  readonly channel: string;
  /** The message in whose thread it goes; in none unless given. */
  readonly thread?: string;
}

/** What a card is about. */
type CardRequest = { readonly id: string; readonly viewDigest: Digest };

/**
 * Asks for a copy of a request's card in one more place: it is posted there soon, and kept as true as all the others.
 * Returns its posting; one that stands there already is left alone.
 */
export async function copyCard(
  ctx: BaseContext,
  { id: about, viewDigest }: CardRequest,
  place: CardPlace,
): Promise<Posting> {
  const claim = { id: ctx.newId(), kind: 'approval_card' as const, about, viewDigest };
  const posting = await claimPosting(ctx.db, { ...claim, ...place });
  if (posting.ts === null) await wantShown(ctx.db, posting, ctx.clock.now());
  return posting;
}

/** Asks for every copy of a request's card to be shown anew; the first is claimed in the given channel where there is none. */
export async function wantCards(ctx: BaseContext, request: CardRequest, channel: string): Promise<void> {
  const existing = await postingsAbout(ctx.db, 'approval_card', request.id);
  if (existing.length === 0) await copyCard(ctx, request, { channel });
  for (const posting of existing) await wantShown(ctx.db, posting, ctx.clock.now());
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

const OVERRIDE_CARD = 'override ';

/** The card of an override: where it stands already, else claimed in a channel. */
export async function overrideCardIn(
  { db, newId }: BaseContext,
  overrideId: string,
  channel: string,
): Promise<Posting> {
  const about = `${OVERRIDE_CARD}${overrideId}`;
  const [standing] = await postingsAbout(db, 'approval_notice', about);
  return (
    standing ?? claimPosting(db, { id: newId(), kind: 'approval_notice', about, viewDigest: null, channel })
  );
}

/** Where an override's card stands; null while it is not posted. */
export async function overrideCardPlace({ db }: BaseContext, overrideId: string): Promise<MessageRef | null> {
  const [posting] = await postingsAbout(db, 'approval_notice', `${OVERRIDE_CARD}${overrideId}`);
  return posting === undefined ? null : standingMessage(posting);
}

/** The notice to one person about an override, in their direct messages. */
export function overrideNoticeIn(
  { db, newId }: BaseContext,
  { overrideId, news, person }: { overrideId: string; news: string; person: string },
  channel: string,
): Promise<Posting> {
  const about = `news ${overrideId} ${news} ${person}`;
  return claimPosting(db, { id: newId(), kind: 'approval_notice', about, viewDigest: null, channel });
}

/** The override behind the opaque value of a card's buttons; null when no such card was sent. */
export async function overrideOfCard({ db }: BaseContext, presentationId: string): Promise<string | null> {
  const posting = await findPosting(db, presentationId);
  return posting?.about.startsWith(OVERRIDE_CARD) ? posting.about.slice(OVERRIDE_CARD.length) : null;
}

/** The message about a token in its person's direct messages; claimed where there is none there yet. */
export function tokenNoticeIn(
  { db, newId }: BaseContext,
  tokenId: string,
  channel: string,
): Promise<Posting> {
  const about = `token ${tokenId}`;
  return claimPosting(db, { id: newId(), kind: 'approval_notice', about, viewDigest: null, channel });
}

/** Where the cards of an approval request stand. */
export async function postedCards(ctx: BaseContext, requestId: string): Promise<MessageRef[]> {
  const postings = await postingsAbout(ctx.db, 'approval_card', requestId);
  return postings.map(standingMessage).filter((ref) => ref !== null);
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
