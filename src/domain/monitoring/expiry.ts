import { DAY } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';

/** Governance that is about to end while its model serves traffic. */
export interface Expiry {
  /** The run on which it rests. */
  readonly runId: string;
  readonly until: Instant;
  /** Days that are left, begun ones counted whole. */
  readonly daysLeft: number;
  /** The warning that is due: so many days before the end. */
  readonly warning: number;
  /** Why it is not renewed without asking anybody, each in a sentence. */
  readonly obstacles: readonly string[];
  /** When the pipeline is run again by itself; null for never. */
  readonly runsAt: Instant | null;
}

/** How near an end is, if it is near enough for one of the warnings, given in days; null before the first. */
export function warningOf(
  until: Instant,
  now: Instant,
  warnings: readonly number[],
): Pick<Expiry, 'daysLeft' | 'warning'> | null {
  const left = (Date.parse(until) - Date.parse(now)) / DAY;
  const due = warnings.filter((days) => left <= days);
  return due.length === 0 ? null : { daysLeft: Math.ceil(left), warning: Math.min(...due) };
}
