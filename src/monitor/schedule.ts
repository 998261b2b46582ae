import { CountersignError } from '../domain/index.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every interval that cron keeps evenly, in seconds: it starts anew at each minute, hour and day. */
const INTERVALS: readonly number[] = [
  ...divisorsOf(60).filter((seconds) => seconds < 60),
  ...divisorsOf(60).flatMap((minutes) => (minutes < 60 ? [minutes * MINUTE] : [])),
  ...divisorsOf(24).map((hours) => hours * HOUR),
];

/**
 * The cron expression, with seconds, of an interval in seconds.
 *
 * @throws CountersignError `invalid_input` for an interval that cron cannot keep; names the nearest that it can
 */
export function cronExpression(interval: number): string {
  const problem = intervalProblem(interval);
  if (problem !== null) throw new CountersignError('invalid_input', `${problem.message}: ${problem.fix}`);
  if (interval < MINUTE) return `*/${interval} * * * * *`;
  if (interval < HOUR) return `0 */${interval / MINUTE} * * * *`;
  return interval < DAY ? `0 0 */${interval / HOUR} * * *` : '0 0 0 * * *';
}

/** Why an interval in seconds cannot be kept, and which are the nearest that can; null for one that can. */
export function intervalProblem(interval: number): { readonly message: string; readonly fix: string } | null {
  if (INTERVALS.includes(interval)) return null;
  const below = INTERVALS.findLast((candidate) => candidate < interval);
  const above = INTERVALS.find((candidate) => candidate > interval);
  const near = [below, above].filter((candidate) => candidate !== undefined).map((seconds) => `${seconds} s`);
  return {
    message: `the monitor cannot tick every ${interval} s, which does not divide a minute, an hour or a day evenly`,
    fix: near.length > 0 ? `choose ${near.join(' or ')}` : `choose one from 1 s to ${DAY} s`,
  };
}

function divisorsOf(whole: number): number[] {
  return Array.from({ length: whole }, (_, index) => index + 1).filter((part) => whole % part === 0);
}
