import { DAY, localTime, timeAt } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';

/** Days of the week as pipelines write them, in the order of numbers: Sunday is 0. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When people work, on the clocks of a time zone. */
export interface WorkingHours {
  /** IANA name. */
  readonly timeZone: string;
  readonly days: readonly Weekday[];
  /** Minutes since midnight: the first in, and the first out again. */
  readonly from: number;
  readonly until: number;
  /** Dates (`2026-12-25`) on which nobody works. */
  readonly holidays: readonly string[];
}

/** Whether people work at an instant. */
export function isWorking(at: Instant, hours: WorkingHours): boolean {
  const { date, minute } = localTime(Date.parse(at), hours.timeZone);
  return isWorkday(date, hours) && minute >= hours.from && minute < hours.until;
}

/** The first instant, from one on, at which people work; itself where they do. */
export function nextWorking(at: Instant, hours: WorkingHours): Instant {
  return addWorkingTime(at, 0, hours);
}

/** The instant at which people will have worked some milliseconds since another. Time outside of hours does not pass. */
export function addWorkingTime(since: Instant, milliseconds: number, hours: WorkingHours): Instant {
  const start = Date.parse(since);
  let left = milliseconds;
  let { date } = localTime(start, hours.timeZone);
  for (let days = 0; days < MOST_DAYS; days++, date = dayAfter(date)) {
    if (!isWorkday(date, hours)) continue;
    const opens = Math.max(start, timeAt(date, hours.from, hours.timeZone));
    const closes = timeAt(date, hours.until, hours.timeZone);
    if (closes <= opens) continue;
    if (left < closes - opens || (left === closes - opens && left > 0))
      return new Date(opens + left).toISOString();
    left -= closes - opens;
  }
  throw new RangeError(`no working hours within ${MOST_DAYS} days of ${since}`);
}

/** Working days are never so rare: a pipeline lists a hundred holidays at the most. */
const MOST_DAYS = 3660;

function isWorkday(date: string, { days, holidays }: WorkingHours): boolean {
  const weekday = WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  return weekday !== undefined && days.includes(weekday) && !holidays.includes(date);
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + DAY).toISOString().slice(0, 10);
}

/** Minutes since midnight of `09:30`; up to `24:00`. */
export function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
