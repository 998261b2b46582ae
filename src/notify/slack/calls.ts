import { setTimeout as wait } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import type { z } from 'zod';
import type { Logger } from '../../domain/index.ts';
import { failureOf, isPassing, SlackFailure } from './failure.ts';
import { vendorLogger } from './vendor-logger.ts';

/** How to reach Slack. */
export interface SlackConnection {
  readonly token: string;
  /** Base of the Web API; null for Slack's own. */
  readonly apiUrl: string | null;
  /** Where Slack's library may write what it notes; nowhere unless given. */
  readonly logger?: Logger;
}

/** The methods of Slack's Web API that we call, with the bot scopes that they need. */
export const METHOD_SCOPES = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.getPermalink': [],
  'views.open': [],
  'conversations.list': ['channels:read', 'groups:read'],
  'conversations.info': ['channels:read', 'groups:read'],
  'users.info': ['users:read'],
  'auth.test': [],
  'bots.info': ['users:read'],
  'apps.connections.open': [],
  'conversations.open': ['im:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history', 'metadata.message:read'],
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
/** Longer waits are left to the job, which comes again. */
const LONGEST_WAIT = 5;
const TRIES = 3;
/** Doing these twice does no harm. A message posted twice would. */
const REPEATABLE: readonly Method[] = [
  'chat.update',
  'chat.getPermalink',
  'conversations.list',
  'conversations.open',
  'conversations.history',
];

/** Calls for somebody who waits: short, once, and never behind another call's rate limit. */
export function interactiveCalls(connection: SlackConnection): Call {
  return callsOf(connection, INTERACTIVE_TIMEOUT);
}

/**
 * Calls that may take their time: a short Retry-After is waited for, failures that pass are tried again where repeating
 * is harmless. During a longer Retry-After further calls of the method to the channel fail at once, others go on.
 */
export function noticeCalls(connection: SlackConnection): Call {
  const call = callsOf(connection, NOTICE_TIMEOUT);
  const closedUntil = new Map<string, number>();
  return async (method, args, answer) => {
    const lane = `${method} ${String(args['channel'] ?? '')}`;
    for (let attempt = 1; ; attempt++) {
      refuseWhileClosed(closedUntil, lane, method);
      try {
        return await call(method, args, answer);
      } catch (error) {
        const failure = failureOf(method, error);
        noteRetryAfter(closedUntil, lane, failure);
        const pause = pauseBefore(failure, attempt);
        if (pause === null) throw failure;
        await wait(pause);
        closedUntil.delete(lane);
      }
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

function refuseWhileClosed(closedUntil: Map<string, number>, lane: string, method: Method): void {
  const left = (closedUntil.get(lane) ?? 0) - performance.now();
  if (left > 0) throw new SlackFailure(method, 'ratelimited', Math.ceil(left / SECOND));
  closedUntil.delete(lane);
}

function noteRetryAfter(closedUntil: Map<string, number>, lane: string, { retryAfter }: SlackFailure): void {
  if (retryAfter !== null) closedUntil.set(lane, performance.now() + retryAfter * SECOND);
}

/** Milliseconds to wait before another attempt; null where there should be none. */
function pauseBefore(failure: SlackFailure, attempt: number): number | null {
  if (attempt >= TRIES || !isPassing(failure)) return null;
  if (failure.retryAfter !== null)
    return failure.retryAfter <= LONGEST_WAIT ? failure.retryAfter * SECOND : null;
  return REPEATABLE.includes(failure.method as Method) ? attempt * (SECOND / 2) : null;
}
