import type { Digest, MessageRef } from '../domain/index.ts';
import {
  adoptMessage,
  claimPosting,
  confirmPosting,
  findPresented,
  lockPosting,
  type Posting,
  postingsAbout,
  standingMessage,
  wantShown,
} from '../storage/index.ts';
import type { SealContext } from './arrival-seal.ts';
import { presentationIn, readButton } from './card-button.ts';
import type { BaseContext } from './context.ts';

/** Messages that have buttons, and are brought up to date by the courier. */
export type CardKind = 'approval_card' | 'override_card';

const CARD_KINDS: readonly string[] = ['approval_card', 'override_card'] satisfies CardKind[];

/** A card by what its buttons carry. */
export interface FoundCard {
  readonly posting: Posting & { readonly kind: CardKind };
  /**
   * Whether the message with these buttons is the one that counts. Of a card that was sent twice without our knowing, as
   * happens when Slack breaks off, one does; the other cannot be kept up to date, so nothing that it says may be signed.
   */
  readonly counts: boolean;
  /**
   * `foreign` where the buttons were not made by this bot as they are, such as by an earlier release. `moved` where they
   * mean something else than what the database says that this card is about: then somebody altered that.
   */
  readonly meaning: 'same' | 'foreign' | 'moved';
}

/** What a button's value leads to. Null when no such card was sent. */
export async function findPresentedCard(
  ctx: BaseContext & SealContext,
  button: string,
): Promise<FoundCard | null> {
  const presentation = presentationIn(button);
  const posting = await findPresented(ctx.db, presentation);
  if (posting === null || !isCard(posting)) return null;
  const counts = posting.ts === null || posting.presentation === presentation;
  return { posting, counts, meaning: meaningOf(ctx, button, posting) };
}

function meaningOf(ctx: SealContext, value: string, { about, viewDigest }: Posting): FoundCard['meaning'] {
  const button = readButton(ctx, value);
  if (button === null) return 'foreign';
  return button.about === about && button.view === viewDigest ? 'same' : 'moved';
}

function isCard(posting: Posting): posting is FoundCard['posting'] {
  return CARD_KINDS.includes(posting.kind);
}

/** The card that counts behind a button, which means it; null when there is none, or that message is not the one. */
export async function findCard(
  ctx: BaseContext & SealContext,
  button: string,
  kind: CardKind,
): Promise<Posting | null> {
  const found = await findPresentedCard(ctx, button);
  return found?.counts && found.meaning === 'same' && found.posting.kind === kind ? found.posting : null;
}

/**
 * A click proves where a card stands that was sent and never confirmed: from now on it is known, and kept up to date.
 * Where the card is known already nothing changes.
 */
export async function adoptClicked(
  ctx: BaseContext,
  { id, ts }: Posting,
  ref: MessageRef,
  button: string,
): Promise<void> {
  if (ts === null) await adoptMessage(ctx.db, id, ref, presentationIn(button));
}

/** A place for a copy of a card. */
export interface CardPlace {
  /** A channel by id, or a person by id, for their direct messages. */
  readonly channel: string;
  /** The message in whose thread it goes; in none unless given. */
  readonly thread?: string;
}

/** What a card is about: a request with its view, or an override. */
export interface CardSubject {
  readonly kind: CardKind;
  readonly about: string;
  readonly viewDigest: Digest | null;
}

/** A request as the subject of its cards. */
export function requestCard({ id, viewDigest }: { readonly id: string; readonly viewDigest: Digest }) {
  return { kind: 'approval_card', about: id, viewDigest } satisfies CardSubject;
}

/** An override as the subject of its card. */
export function overrideCardOf(overrideId: string) {
  return { kind: 'override_card', about: overrideId, viewDigest: null } satisfies CardSubject;
}

/**
 * Asks for a copy of a card in one more place: it is posted there soon, and kept as true as all the others. Returns its
 * posting; one that stands there already is left alone.
 */
export async function copyCard(ctx: BaseContext, subject: CardSubject, place: CardPlace): Promise<Posting> {
  const posting = await claimPosting(ctx.db, { id: ctx.newId(), ...subject, ...place });
  if (posting.ts === null) await wantShown(ctx.db, posting, ctx.clock.now());
  return posting;
}

/** Asks for one copy of a card to be shown anew. */
export async function wantCopy({ db, clock }: BaseContext, posting: Posting): Promise<void> {
  await wantShown(db, posting, clock.now());
}

/** Asks for every copy of a card to be shown anew; the first is claimed in the given channel where there is none. */
export async function wantCards(ctx: BaseContext, subject: CardSubject, channel: string): Promise<void> {
  const existing = await postingsAbout(ctx.db, subject.kind, subject.about);
  if (existing.length === 0) await copyCard(ctx, subject, { channel });
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

/** The notice of some news in a person's direct messages; claimed where there is none there yet. */
export function newsIn({ db, newId }: BaseContext, about: string, channel: string): Promise<Posting> {
  return claimPosting(db, { id: newId(), kind: 'approval_notice', about, viewDigest: null, channel });
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

/** Where the cards stand that are about something. */
export async function postedCards(
  ctx: BaseContext,
  about: string,
  kind: CardKind = 'approval_card',
): Promise<MessageRef[]> {
  const postings = await postingsAbout(ctx.db, kind, about);
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
