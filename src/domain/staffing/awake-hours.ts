import { HOUR } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';

/** When people are taken to be awake: local hours, the first included, the last not. */
export interface AwakeHours {
  readonly from: number;
  readonly until: number;
}

const AWAKE: AwakeHours = { from: 7, until: 23 };

/**
 * The hours of the day of an instant, in UTC, at whose start it is a waking hour in a time zone (IANA name). An unknown
 * zone has none.
 */
export function hoursAwake(timeZone: string, now: Instant, { from, until }: AwakeHours = AWAKE): number[] {
  const midnight = Date.parse(`${now.slice(0, 10)}T00:00:00Z`);
  const local = localHours(timeZone);
  if (local === null) return [];
  return Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => {
    const there = local(midnight + hour * HOUR);
    return there >= from && there < until;
  });
}

function localHours(timeZone: string): ((time: number) => number) | null {
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' });
    return (time) => Number(format.format(time));
  } catch {
    return null;
  }
}

/** Hours of a day as spans in words, over midnight where they go on there: `22:00–02:00, 11:00–12:00`. */
export function hourSpans(hours: readonly number[]): string {
  const all = new Set(hours);
  if (all.size === 24) return '00:00–24:00';
  const starts = [...all].filter((hour) => !all.has((hour + 23) % 24)).sort((a, b) => a - b);
  return starts.map((start) => `${clock(start)}–${clock(endOf(start, all))}`).join(', ');
}

function endOf(start: number, hours: ReadonlySet<number>): number {
  let end = start;
  while (hours.has(end)) end = (end + 1) % 24;
  return end;
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
