import { DAY, MINUTE } from './duration.ts';

/** A time on the clocks of a time zone. */
export interface LocalTime {
  /** `2026-11-23`. */
  readonly date: string;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Minutes since midnight. */
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a name is that of a time zone (IANA), such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    return formatFor(name) !== null;
  } catch {
    return false;
  }
}

/** What the clocks of a zone show at a time, in milliseconds since 1970. @throws RangeError for a name of no zone */
export function localTime(time: number, zone: string): LocalTime {
  const shifted = new Date(time + offsetAt(time, zone));
  return {
    date: shifted.toISOString().slice(0, 10),
    weekday: shifted.getUTCDay(),
    minute: shifted.getUTCHours() * 60 + shifted.getUTCMinutes(),
  };
}

/**
 * When the clocks of a zone show a minute of a date: the first time of two in the hour that comes twice, and for one
 * that is left out as long after the change as it would have been.
 */
export function timeAt(date: string, minute: number, zone: string): number {
  const naive = Date.parse(`${date}T00:00:00Z`) + minute * MINUTE;
  // Clocks are not changed twice within two days.
  const candidates = [naive - DAY, naive + DAY].map((around) => naive - offsetAt(around, zone));
  const shown = candidates.find((time) => time + offsetAt(time, zone) === naive);
  return shown ?? candidates[0] ?? naive;
}

/** Milliseconds by which a zone is ahead of UTC. */
function offsetAt(time: number, zone: string): number {
  const parts = formatFor(zone).formatToParts(time);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  );
  return shown - Math.floor(time / 1000) * 1000;
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const numeric = 'numeric';
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
  formats.set(timeZone, format);
  return format;
}
