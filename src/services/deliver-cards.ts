import type { MessageRef } from '../domain/index.ts';
import { later, MINUTE, SECOND } from '../lib/index.ts';
import {
  channelsDue,
  confirmPosting,
  deletePresentation,
  failuresOf,
  insertPresentation,
  markShown,
  type Posting,
  type Presentation,
  postingsDue,
  postponeChannel,
  postponeShowing,
  presentationsOf,
  standingMessage,
  tryLockPosting,
  wantedNow,
} from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** A copy of a card that is to be shown, while nobody else shows it. */
export interface CardCopy {
  readonly posting: Posting;
  /** Where it stands; null while that is not known. */
  readonly standing: MessageRef | null;
  /** Sendings of which nobody knows what became of them, the latest first. */
  readonly unsettled: readonly Presentation[];
  /** Notes, before the call, that the card is sent; returns what its buttons shall carry. */
  begin(): Promise<string>;
  /** Takes that back, where it is certain that the card was not sent. */
  abandon(presentationId: string): Promise<void>;
}

/** Where a copy of a card stands now, and what its buttons carry. */
export interface ShownCard {
  readonly ref: MessageRef;
  readonly presentationId: string;
}

/** Channels that have a card to be shown by now, those that wait longest first. */
export async function channelsWithCardsDue(ctx: BaseContext): Promise<string[]> {
  return channelsDue(ctx.db, ctx.clock.now());
}

/** How many candidates are looked at: others may be showing the first ones. */
const CANDIDATES = 20;

/**
 * Shows the card that waits longest in a channel; false when none is left to show. `show` reads how things stand and
 * brings the copy there; all that is asked for until it begins is part of one showing. What it throws is thrown on, and
 * the copy is shown again later.
 */
export async function deliverNextCard(
  ctx: BaseContext,
  channel: string,
  show: (copy: CardCopy) => Promise<ShownCard | null>,
): Promise<boolean> {
  for (const id of await postingsDue(ctx.db, channel, ctx.clock.now(), CANDIDATES))
    if (await deliverCard(ctx, id, show)) return true;
  return false;
}

async function deliverCard(
  ctx: BaseContext,
  id: string,
  show: (copy: CardCopy) => Promise<ShownCard | null>,
): Promise<boolean> {
  try {
    return await ctx.db.transaction().execute(async (tx) => {
      const posting = await tryLockPosting(tx, id);
      const wanted = posting === null ? null : await wantedNow(tx, id);
      if (posting === null || wanted === null) return false;
      const shown = await show(await copyOf(ctx, posting));
      if (shown !== null) await confirmPosting(tx, id, shown.ref, shown.presentationId);
      await markShown(tx, id, wanted, ctx.clock.now());
      return true;
    });
  } catch (error) {
    const pause = pauseAfter(await failuresOf(ctx.db, id));
    await postponeShowing(ctx.db, id, later(ctx.clock.now(), pause));
    throw error;
  }
}

/** Sendings are noted outside of the lock's transaction, so that they are known even if this process ends. */
async function copyOf({ db, clock, newId }: BaseContext, posting: Posting): Promise<CardCopy> {
  const standing = standingMessage(posting);
  const sendings = await presentationsOf(db, posting.id);
  return {
    posting,
    standing,
    unsettled: sendings.filter(({ id }) => standing === null || id !== posting.presentation),
    begin: async () => {
      const id = sendings.length === 0 && posting.presentation === posting.id ? posting.id : newId();
      await insertPresentation(db, { id, begunAt: clock.now() }, posting.id);
      return id;
    },
    abandon: (id) => deletePresentation(db, id),
  };
}

/** One second, doubling, a minute at most. */
function pauseAfter(failures: number): number {
  return Math.min(SECOND * 2 ** Math.min(failures, 6), MINUTE);
}

/** Puts off all cards of a channel that takes no calls for so many seconds. */
export async function restChannel(ctx: BaseContext, channel: string, seconds: number): Promise<void> {
  await postponeChannel(ctx.db, channel, later(ctx.clock.now(), seconds * SECOND));
}
