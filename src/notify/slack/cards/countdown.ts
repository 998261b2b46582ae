import type { Instant } from '../../../domain/index.ts';
import { DAY, HOUR, MINUTE } from '../../../lib/index.ts';
import { clockTime, time } from '../text.ts';

/**
 * When an answer is due and how long that is from now, with the time of saying so: a card says it until it is next
 * updated. Markup. Pure.
 */
export function countdown(dueAt: Instant, now: Instant): string {
  const left = Date.parse(dueAt) - Date.parse(now);
  const said = left > 0 ? `*${span(left)} left*` : `🔴 *overdue by ${span(-left)}*`;
  return `${time(dueAt)} · ${said} as of ${clockTime(now)}`;
}

/** A length of time in its two largest units, rounded down: `2 d 3 h`, `2 h 15 min`, `15 min`. */
function span(milliseconds: number): string {
  const days = Math.floor(milliseconds / DAY);
  const hours = Math.floor((milliseconds % DAY) / HOUR);
  const minutes = Math.floor((milliseconds % HOUR) / MINUTE);
  const units = days > 0 ? [part(days, 'd'), part(hours, 'h')] : [part(hours, 'h'), part(minutes, 'min')];
  return units.flat().join(' ') || 'less than a minute';
}

function part(amount: number, unit: string): string[] {
  return amount === 0 ? [] : [`${amount} ${unit}`];
}
