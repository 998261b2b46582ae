import type { Instant } from '../../../domain/index.ts';
import { DAY, HOUR, later, localTime, timeAt } from '../../../lib/index.ts';

/** A time that was read, and the words behind it. */
export interface Until {
  readonly until: Instant;
  readonly rest: readonly string[];
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const DAY_MINUTES = 24 * 60;

/**
 * Reads when something ends, as people write it on the clocks of their zone: `3d`, `8h`, `17:00`, `friday`, `2026-12-01`,
 * and a day with a time. A day without a time ends when the day does. Null when it is none of these.
 */
export function readUntil(words: readonly string[], now: Instant, zone: string): Until | null {
  const [first = '', ...others] = words[0]?.toLowerCase() === 'until' ? words.slice(1) : words;
  const span = /^(\d{1,3})([hdw])$/i.exec(first);
  if (span !== null) {
    const unit = { h: HOUR, d: DAY, w: 7 * DAY }[(span[2] ?? '').toLowerCase()] ?? DAY;
    return { until: later(now, Number(span[1]) * unit), rest: others };
  }
  const today = localTime(Date.parse(now), zone);
  const clock = minuteOf(first);
  if (clock !== null) {
    const day = clock > today.minute ? 0 : 1;
    return { until: at(dateAfter(today.date, day), clock, zone), rest: others };
  }
  const date = dateOf(first.toLowerCase(), today);
  if (date === null) return null;
  const time = minuteOf(others[0] ?? '');
  return { until: at(date, time ?? DAY_MINUTES, zone), rest: time === null ? others : others.slice(1) };
}

function dateOf(word: string, today: { readonly date: string; readonly weekday: number }): string | null {
  if (/^\d{4}-\d{2}-\d{2}$/.test(word))
    return Number.isNaN(Date.parse(word)) || dateAfter(word, 0) !== word ? null : word;
  if (word === 'today') return today.date;
  if (word === 'tomorrow') return dateAfter(today.date, 1);
  const weekday =
    word.length < 3 ? -1 : WEEKDAYS.findIndex((day) => day === word || day.slice(0, 3) === word);
  return weekday === -1 ? null : dateAfter(today.date, (weekday - today.weekday + 7) % 7);
}

function minuteOf(word: string): number | null {
  const read = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(word);
  return read === null ? null : Number(read[1]) * 60 + Number(read[2]);
}

function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** The end of a day is the beginning of the next, which may come after 23 or 25 hours. */
function at(date: string, minute: number, zone: string): Instant {
  const isEnd = minute === DAY_MINUTES;
  return new Date(timeAt(isEnd ? dateAfter(date, 1) : date, isEnd ? 0 : minute, zone)).toISOString();
}
