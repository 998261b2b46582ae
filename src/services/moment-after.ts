import type { Instant } from '../domain/index.ts';
import { later } from '../lib/index.ts';

/**
 * The time at which something is said that was said before and taken back: after that. In the same millisecond it would
 * be the very statement that was taken back.
 */
export function momentAfter(last: Instant | null, now: Instant): Instant {
  return last === null || last < now ? now : later(last, 1);
}
