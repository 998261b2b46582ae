import { z } from 'zod';
import { MINUTE } from '../lib/index.ts';

/** A point in time, RFC 3339 in UTC with milliseconds (`2026-11-23T09:30:00.000Z`), so that text order is time order. */
export const Instant = z.iso.datetime({
  precision: 3,
  error: 'expected an RFC 3339 UTC time with milliseconds',
});
export type Instant = z.infer<typeof Instant>;

/** By how many milliseconds the clocks of two machines may differ. */
export const CLOCK_SKEW = MINUTE;

/** The earliest of some instants that are yet to come. */
export function firstAfter(now: Instant, moments: readonly (Instant | null)[]): Instant | null {
  let first: Instant | null = null;
  for (const moment of moments)
    if (moment !== null && moment > now && (first === null || moment < first)) first = moment;
  return first;
}
