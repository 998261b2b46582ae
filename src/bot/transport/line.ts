import { setTimeout as wait } from 'node:timers/promises';
import { CountersignError, type Logger } from '../../domain/index.ts';
import { SECOND } from '../../lib/index.ts';
import { isPassing, SlackFailure, slackFailure } from '../../notify/index.ts';

/** A client that connects once when told to, and says when that connection has ended. It tries nothing again by itself. */
export interface LineClient {
  /** Resolves when Slack has said hello. */
  start(): Promise<unknown>;
  disconnect(): Promise<void>;
  on(event: 'disconnected', listener: () => void): unknown;
}

/** A connection to Slack that is made again whenever it ends, whatever ends it. */
export interface Line {
  /**
   * Connects. Where Slack is out of reach it returns after a while and goes on trying.
   * @throws CountersignError `unavailable` when Slack refuses us
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** @throws Error when there has been no connection for a minute: nobody's clicks arrive */
  ready(): Promise<void>;
}

/** How patient a line is; all in milliseconds. */
export interface LinePatience {
  /** Until Slack must have said hello. */
  readonly hello: number;
  /** Without a connection, after which the bot counts as deaf. */
  readonly deaf: number;
  /** Before a second try; doubles, up to half a minute. */
  readonly pause: number;
}

const PATIENCE: LinePatience = { hello: 15 * SECOND, deaf: 60 * SECOND, pause: SECOND };
const LONGEST_PAUSE = 30 * SECOND;
/** A line that was up for less is not made again at once: Slack may be sending everybody away. */
const SHORT_LIVED = 5 * SECOND;

/** Keeps a line up. The client's own way of doing so ends with a rejection that nobody handles. */
export function keepLine(client: LineClient, logger: Logger, patience: LinePatience = PATIENCE): Line {
  const first = Promise.withResolvers<void>();
  const hearing = createHearing(logger, patience);
  const stopping = new AbortController();
  const connection = createConnection(client, patience, stopping.signal, () => {
    hearing.found();
    first.resolve();
  });
  const trouble = (failure: SlackFailure) => {
    if (!isPassing(failure)) first.reject(failure);
    hearing.report(failure);
  };
  let running: Promise<void> | undefined;
  return {
    start: async () => {
      running ??= keepConnecting({ connection, lost: hearing.lost, trouble }, patience, stopping.signal);
      await firstOrTired(first.promise, patience.hello, logger);
    },
    stop: async () => {
      stopping.abort();
      first.resolve();
      await Promise.race([client.disconnect(), wait(CLOSING)]);
      await Promise.race([running, wait(CLOSING)]);
    },
    ready: async () => hearing.refuseDeaf(),
  };
}

/** What is connected again and again, and who is told of its ends. */
interface Kept {
  /** Returns how long it lasted, in milliseconds. */
  readonly connection: () => Promise<number>;
  readonly lost: () => void;
  readonly trouble: (failure: SlackFailure) => void;
}

/** Connects anew after every end, at once after a long life and ever later after failures, until it is stopped. */
async function keepConnecting(
  { connection, lost, trouble }: Kept,
  patience: LinePatience,
  stopping: AbortSignal,
): Promise<void> {
  for (let failures = 0; !stopping.aborted; ) {
    let pause = pauseAfter(failures, patience.pause);
    failures += 1;
    try {
      const lasted = await connection();
      lost();
      if (lasted >= SHORT_LIVED) [pause, failures] = [0, 0];
    } catch (error) {
      const failure = slackFailure(error);
      trouble(failure);
      pause = Math.max(pause, (failure.retryAfter ?? 0) * SECOND);
    }
    await wait(pause, undefined, { signal: stopping }).catch(() => {});
  }
}

/** One connection from Slack's hello to its end, whatever ends it; returns how long it lasted, in milliseconds. */
function createConnection(
  client: LineClient,
  patience: LinePatience,
  stopping: AbortSignal,
  onHello: () => void,
): () => Promise<number> {
  let ended = Promise.withResolvers<void>();
  client.on('disconnected', () => ended.resolve());
  stopping.addEventListener('abort', () => ended.resolve());
  return async () => {
    ended = Promise.withResolvers<void>();
    await hello(client, patience.hello);
    const since = performance.now();
    onHello();
    if (stopping.aborted) await client.disconnect();
    else await ended.promise;
    return performance.now() - since;
  };
}

/** Knows since when nothing could arrive. */
function createHearing(logger: Logger, { deaf }: LinePatience) {
  let lostAt: number | null = performance.now();
  const silence = () => (lostAt === null ? 0 : performance.now() - lostAt);
  return {
    found: () => {
      lostAt = null;
      logger.info('connected to Slack', { mode: 'socket' });
    },
    lost: () => {
      lostAt = performance.now();
    },
    report: ({ code }: SlackFailure) => {
      const about = { mode: 'socket', reason: code, silent_seconds: Math.round(silence() / SECOND) };
      if (silence() > deaf) logger.error('Slack is not connected: clicks do not arrive', about);
      else logger.warn('Slack could not be connected; it is tried again', about);
    },
    refuseDeaf: () => {
      if (silence() > deaf) throw new Error(`no connection to Slack for ${Math.round(silence() / SECOND)} s`);
    },
  };
}

/** A line that is cut off does not end in order, and need not: it is let go. */
const CLOSING = 2 * SECOND;

function pauseAfter(failures: number, pause: number): number {
  return Math.min(pause * 2 ** Math.min(failures, 10), LONGEST_PAUSE);
}

/** Waits for Slack's hello; a connection that stays mute is given up, which makes `start` fail. */
async function hello(client: LineClient, limit: number): Promise<void> {
  const timer = setTimeout(() => void client.disconnect().catch(() => {}), limit);
  try {
    await client.start();
  } finally {
    clearTimeout(timer);
  }
}

async function firstOrTired(first: Promise<void>, limit: number, logger: Logger): Promise<void> {
  const { promise: tired, resolve } = Promise.withResolvers<'tired'>();
  const timer = setTimeout(() => resolve('tired'), limit);
  try {
    if ((await Promise.race([first, tired])) === 'tired')
      logger.error('Slack is not connected yet; clicks will not arrive until it is', { mode: 'socket' });
  } catch (error) {
    const why = error instanceof SlackFailure ? error.code : String(error);
    throw new CountersignError('unavailable', `Slack refused the Socket Mode connection: ${why}`);
  } finally {
    clearTimeout(timer);
  }
}
