import { setTimeout as wait } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import type { z } from 'zod';
import type { Logger } from '../../domain/index.ts';
import { failureOf, isPassing, type SlackFailure } from './failure.ts';
import { awaitTurn, createLocalPacer, type Pacer } from './pacing.ts';
import { vendorLogger } from './vendor-logger.ts';

/** How to reach Slack. */
export interface SlackConnection {
  readonly token: string;
  /** Base of the Web API; null for Slack's own. */
  readonly apiUrl: string | null;
  /** Where Slack's library may write what it notes; nowhere unless given. */
  readonly logger?: Logger;
  /** Spaces what is posted and changed in a channel; unless given, only what Slack itself demands is kept. */
  readonly pacer?: Pacer;
}

/** The methods of Slack's Web API that we call, with the bot scopes that they need. */
export const METHOD_SCOPES = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.getPermalink': [],
  'views.open': [],
  'views.publish': [],
  'conversations.list': ['channels:read', 'groups:read'],
  'conversations.info': ['channels:read', 'groups:read'],
  'users.info': ['users:read'],
  'usergroups.users.list': ['usergroups:read'],
  'auth.test': [],
  'bots.info': ['users:read'],
  'apps.connections.open': [],
  'conversations.open': ['im:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history', 'metadata.message:read'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history', 'metadata.message:read'],
} as const satisfies Record<string, readonly string[]>;
export type Method = keyof typeof METHOD_SCOPES;

/** Calls a method and reads its answer; throws SlackFailure. */
export type Call = <T>(
  method: Method,
  args: Readonly<Record<string, unknown>>,
  answer: z.ZodType<T>,
) => Promise<T>;

const SECOND = 1000;
/** A modal must be open within three seconds of the click. */
const INTERACTIVE_TIMEOUT = 2.5 * SECOND;
const NOTICE_TIMEOUT = 10 * SECOND;
const TRIES = 3;
/** Doing these twice does no harm. A message posted twice would. */
const REPEATABLE: readonly Method[] = [
  'chat.update',
  'chat.getPermalink',
  'conversations.list',
  'conversations.open',
  'conversations.history',
  'conversations.replies',
];
/** Slack takes about one of these a second in a channel. */
const PACED: readonly Method[] = ['chat.postMessage', 'chat.update'];

/** Calls for somebody who waits: short, once, and never behind another call's rate limit. */
export function interactiveCalls(connection: SlackConnection): Call {
  return callsOf(connection, INTERACTIVE_TIMEOUT);
}

/**
 * Calls that may take their time, in the channel's turn: a short Retry-After is waited for, failures that pass are tried
 * again where repeating is harmless. During a longer Retry-After further calls to the channel fail at once, others go on.
 */
export function noticeCalls(connection: SlackConnection & { readonly pacer: Pacer }): Call {
  const call = callsOf(connection, NOTICE_TIMEOUT);
  const unpaced = createLocalPacer();
  return async (method, args, answer) => {
    const channel = String(args['channel'] ?? '');
    const isPaced = PACED.includes(method);
    const pacer = isPaced ? connection.pacer : unpaced;
    const lane = isPaced ? channel : `${method} ${channel}`;
    for (let attempt = 1; ; attempt++) {
      await awaitTurn(pacer, method, lane);
      try {
        return await call(method, args, answer);
      } catch (error) {
        const failure = failureOf(method, error);
        if (failure.retryAfter !== null) await pacer.close(lane, failure.retryAfter * SECOND);
        const pause = pauseBefore(failure, attempt);
        if (pause === null) throw failure;
        await wait(pause);
      }
    }
  };
}

/** Calls for whoever has waited for a channel's turn: once. A Retry-After closes the channel, to everybody. */
export function turnCalls(
  connection: SlackConnection & { readonly pacer: Pacer },
): (channel: string) => Call {
  const call = callsOf(connection, NOTICE_TIMEOUT);
  return (channel) => async (method, args, answer) => {
    try {
      return await call(method, args, answer);
    } catch (error) {
      const failure = failureOf(method, error);
      if (failure.retryAfter !== null) await connection.pacer.close(channel, failure.retryAfter * SECOND);
      throw failure;
    }
  };
}

function callsOf({ token, apiUrl, logger }: SlackConnection, timeout: number): Call {
  const web = new WebClient(token, {
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: vendorLogger(logger ?? null, [token]),
  });
  return async (method, args, answer) => {
    try {
      return answer.parse(await web.apiCall(method, args));
    } catch (error) {
      throw failureOf(method, error);
    }
  };
}

/** Milliseconds to wait before another attempt; null where there should be none. */
function pauseBefore(failure: SlackFailure, attempt: number): number | null {
  if (attempt >= TRIES || !isPassing(failure)) return null;
  if (failure.retryAfter !== null) return 0;
  return REPEATABLE.includes(failure.method as Method) ? attempt * (SECOND / 2) : null;
}
