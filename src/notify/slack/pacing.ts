import { setTimeout as wait } from 'node:timers/promises';
import { SlackFailure } from './failure.ts';

/** Spaces the calls that post to or change one channel, whoever makes them. */
export interface Pacer {
  /** Takes the channel's next turn, unless it comes later than `patience`; says after how many milliseconds it comes. */
  take(channel: string, patience: number): Promise<{ readonly taken: boolean; readonly wait: number }>;
  /** Nothing goes to the channel for so many milliseconds, because Slack says so. */
  close(channel: string, duration: number): Promise<void>;
}

/** Paces nothing, but keeps a channel closed while Slack wants it so; for this process alone. */
export function createLocalPacer(): Pacer {
  const closedUntil = new Map<string, number>();
  return {
    take: async (channel, patience) => {
      const left = Math.max(0, (closedUntil.get(channel) ?? 0) - performance.now());
      if (left === 0) closedUntil.delete(channel);
      return { taken: left <= patience, wait: left };
    },
    close: async (channel, duration) => {
      const until = performance.now() + duration;
      closedUntil.set(channel, Math.max(until, closedUntil.get(channel) ?? 0));
    },
  };
}

/** Longer waits are left to whoever called, who comes again. */
const PATIENCE = 5000;

/** Waits for a channel's turn. @throws SlackFailure `ratelimited` when that takes too long */
export async function awaitTurn(pacer: Pacer, method: string, channel: string): Promise<void> {
  const turn = await pacer.take(channel, PATIENCE);
  if (!turn.taken) throw new SlackFailure(method, 'ratelimited', Math.ceil(turn.wait / 1000));
  if (turn.wait > 0) await wait(turn.wait);
}
