import { type Arguments, optionalText } from './arguments.ts';
import type { WorkspaceState } from './state.ts';

/** Which of Slack's rate limits are in force; none unless told. */
export interface RateLimits {
  /** Each method's tier: so many calls a minute. */
  readonly tiers?: boolean;
  /** Messages to one channel: so many per second in the long run, and so many at once. */
  readonly perChannel?: { readonly perSecond: number; readonly burst: number };
}

/** Counts calls; gives the seconds to wait (`Retry-After`) where a call comes too early, else undefined. */
export type RateLimiter = (method: string, args: Arguments) => number | undefined;

/** Calls a minute of Slack's tiers 2 to 4. */
const [tier2, tier3, tier4] = [20, 50, 100];

const callsPerMinute: ReadonlyMap<string, number> = new Map([
  ['bots.info', tier3],
  ['chat.delete', tier3],
  ['chat.postEphemeral', tier4],
  ['chat.update', tier3],
  ['conversations.history', tier3],
  ['conversations.info', tier3],
  ['conversations.list', tier2],
  ['conversations.members', tier4],
  ['conversations.open', tier3],
  ['conversations.replies', tier3],
  ['reactions.add', tier3],
  ['reactions.get', tier3],
  ['reactions.remove', tier2],
  ['team.info', tier3],
  ['usergroups.list', tier2],
  ['usergroups.users.list', tier2],
  ['users.info', tier4],
  ['users.list', tier2],
  ['views.open', tier4],
  ['views.publish', tier4],
  ['views.push', tier4],
  ['views.update', tier4],
]);

/** A limiter that goes by the workspace's clock. */
export function createRateLimiter(state: WorkspaceState, limits: RateLimits): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const take = (key: string, perSecond: number, burst: number): number | undefined => {
    const now = state.clock().getTime() / 1000;
    const bucket = buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * perSecond);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1 ? undefined : Math.max(1, Math.ceil((1 - tokens) / perSecond));
  };
  return (method, args) => {
    const { tiers = false, perChannel } = limits;
    const perMinute = callsPerMinute.get(method);
    if (method === 'chat.postMessage' && perChannel !== undefined) {
      const channel = optionalText(args, 'channel') ?? '';
      return take(`${method} ${channel}`, perChannel.perSecond, perChannel.burst);
    }
    return tiers && perMinute !== undefined ? take(method, perMinute / 60, perMinute) : undefined;
  };
}

interface Bucket {
  readonly tokens: number;
  /** Unix time in seconds. */
  readonly at: number;
}
