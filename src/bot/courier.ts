import { createWaker, SECOND } from '../lib/index.ts';
import { SlackFailure } from '../notify/index.ts';
import { channelsWithCardsDue, deliverNextCard, restChannel } from '../services/index.ts';
import type { BotContext } from './context.ts';
import { reasonOf } from './failure.ts';
import { showCopy } from './show-copy.ts';

/** Brings cards up to date, each channel in its own turn, so that none waits for another. */
export interface Courier {
  /** Looks for cards that are behind, now and each second. */
  start(): void;
  /** Looks at once. */
  wake(): void;
  /** Brings up to date what is due, by this process, and returns when nothing is. */
  deliver(): Promise<void>;
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** What other processes leave behind, and what was put off, is found within this time. */
const LOOK_EVERY = SECOND;
/** Channels that are served at once. Each takes a connection to the database. */
const LANES = 4;

/** Makes a courier; nothing happens before it is asked. Several processes may have one: each card is one's at a time. */
export function createCourier(ctx: BotContext): Courier {
  const lanes = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const serve = async (channel: string): Promise<void> => {
    try {
      while (!stopped && (await serveOnce(ctx, channel)));
    } finally {
      lanes.delete(channel);
    }
  };
  const begin = async (): Promise<void> => {
    for (const channel of await channelsWithCardsDue(ctx.services))
      if (!stopped && lanes.size < LANES && !lanes.has(channel)) lanes.set(channel, serve(channel));
  };
  const deliver = async (): Promise<void> => {
    for (await begin(); lanes.size > 0; await begin()) await Promise.race(lanes.values());
  };
  const wake = createWaker(deliver, (error) =>
    ctx.logger.warn('cards could not be looked for', { reason: reasonOf(error) }),
  );
  return {
    start: () => {
      stopped = false;
      timer ??= setInterval(wake, LOOK_EVERY);
      wake();
    },
    wake: () => {
      if (timer !== undefined) wake();
    },
    deliver,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      timer = undefined;
      await Promise.allSettled(lanes.values());
    },
  };
}

/** Shows one card of a channel in its turn; false when there is none, or the channel has to rest. */
async function serveOnce(ctx: BotContext, channel: string): Promise<boolean> {
  try {
    await ctx.inbox.quiet();
    return await ctx.slack.inTurn(channel, (calls) =>
      deliverNextCard(ctx.services, channel, (copy) => showCopy(ctx, calls, copy)),
    );
  } catch (error) {
    ctx.logger.warn('a card could not be brought up to date; it is tried again', {
      channel,
      reason: reasonOf(error),
    });
    await rest(ctx, channel, error).catch(() => {});
    return false;
  }
}

async function rest(ctx: BotContext, channel: string, error: unknown): Promise<void> {
  if (error instanceof SlackFailure && error.retryAfter !== null)
    await restChannel(ctx.services, channel, error.retryAfter);
}
