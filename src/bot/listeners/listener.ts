import { setTimeout as wait } from 'node:timers/promises';
import { SECOND } from '../../lib/index.ts';
import type { BotContext } from '../context.ts';

/** Tells Slack that something arrived; the answer, if any, is shown to the person. */
export type Acknowledge = (answer?: Readonly<Record<string, unknown>>) => Promise<void>;

/** Something that arrived from Slack, from our own app and workspace. */
export interface Arrival {
  readonly body: unknown;
  readonly acknowledge: Acknowledge;
}

/** Acknowledges an arrival, calls one service and renders what came of it. */
export type Listener = (ctx: BotContext, arrival: Arrival) => Promise<void>;

/** Slack shows the person an error after three seconds. */
const LATEST_ACKNOWLEDGEMENT = 2 * SECOND;

/**
 * Does work before acknowledging, so that what fails early is shown to the person as failed, but acknowledges in time
 * even if the work takes longer.
 */
export async function acknowledgeAfter(work: Promise<void>, acknowledge: Acknowledge): Promise<void> {
  const stop = new AbortController();
  const late = wait(LATEST_ACKNOWLEDGEMENT, undefined, { signal: stop.signal }).catch(() => {});
  await Promise.race([work, late]).finally(() => stop.abort());
  await acknowledge();
  await work;
}

/** What is signed by Slack and yet not as Slack says: acknowledged, so that it is not sent again, and logged. */
export async function setAside(ctx: BotContext, { acknowledge }: Arrival, what: string): Promise<void> {
  ctx.logger.warn('a payload is not understood', { what });
  await acknowledge();
}
