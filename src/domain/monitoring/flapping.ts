import { HOUR, later, MINUTE } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import type { Finding, Flapping } from './finding.ts';

/** The ending within `window` milliseconds that is none any more; then it ends when it has stayed away for `quiet` milliseconds. */
export const FLAPPING = { endings: 3, window: HOUR, quiet: 30 * MINUTE } as const;

/** What people are told once, when a finding begins to be kept open. */
export const FLAPPING_IN_WORDS = `it comes and goes: it is kept open, and told no more, until it has stayed away for ${FLAPPING.quiet / MINUTE} minutes`;

/** What a look says about a finding. */
export interface Look {
  /** As it is found now; null where it is not. */
  readonly seen: Finding | null;
  /** Whether what it is about could be looked at: nothing ends unseen. */
  readonly isLooked: boolean;
  /** How often it ended within the last `FLAPPING.window`. */
  readonly endings: number;
  readonly now: Instant;
}

/**
 * What a finding that fires becomes by a look; null where it ends. What is critical is never damped: it is told, and it
 * ends, at once. Pure.
 */
export function afterLook(standing: Finding, { seen, isLooked, endings, now }: Look): Finding | null {
  const { flapping } = standing;
  if (seen !== null)
    return flapping === undefined || seen.severity === 'critical'
      ? seen
      : { ...seen, flapping: awake(flapping) };
  if (!isLooked) return flapping === undefined ? standing : { ...standing, flapping: awake(flapping) };
  if (!mayFlap(standing)) return null;
  if (flapping === undefined)
    return endings + 1 < FLAPPING.endings ? null : { ...standing, flapping: { since: now, quietSince: now } };
  const quietSince = earlierOf(flapping.quietSince ?? now, now);
  return later(quietSince, FLAPPING.quiet) <= now
    ? null
    : { ...standing, flapping: { ...flapping, quietSince } };
}

/** Whether a finding may be damped at all. */
export function mayFlap({ severity }: Finding): boolean {
  return severity !== 'critical';
}

/** Whether a finding is kept open though what it says is not so at the moment: nothing is to be done about it. */
export function isKeptOpen({ flapping }: Finding): boolean {
  return flapping !== undefined && flapping.quietSince !== null;
}

function awake({ since }: Flapping): Flapping {
  return { since, quietSince: null };
}

/** The clock may have been set back. */
function earlierOf(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
