import { CountersignError } from '../domain/index.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The cron expression (with seconds) of an interval in seconds.
 *
 * @throws CountersignError `invalid_input` for an interval that cron cannot keep evenly, with the nearest that it can
 */
export function cronExpression(intervalSeconds: number): string {
  const expression = expressionOf(intervalSeconds);
  if (expression !== null) return expression;
  throw new CountersignError(
    'invalid_input',
    `the monitor's interval cannot be ${intervalSeconds} s: it must divide a minute, an hour or a day evenly (nearest: ${nearest(intervalSeconds).join(' s or ')} s)`,
  );
}

function expressionOf(seconds: number): string | null {
  if (!Number.isInteger(seconds) || seconds < 1) return null;
  if (MINUTE % seconds === 0 && seconds < MINUTE) return `*/${seconds} * * * * *`;
  if (HOUR % seconds === 0 && seconds % MINUTE === 0 && seconds < HOUR)
    return `0 */${seconds / MINUTE} * * * *`;
  if (DAY % seconds === 0 && seconds % HOUR === 0 && seconds < DAY) return `0 0 */${seconds / HOUR} * * *`;
  return seconds === MINUTE
    ? '0 * * * * *'
    : seconds === HOUR
      ? '0 0 * * * *'
      : seconds === DAY
        ? '0 0 0 * * *'
        : null;
}

function nearest(seconds: number): number[] {
  const possible = Array.from({ length: DAY }, (_, index) => index + 1).filter(
    (candidate) => expressionOf(candidate) !== null,
  );
  const below = possible.findLast((candidate) => candidate < seconds);
  const above = possible.find((candidate) => candidate > seconds);
  return [below, above].filter((candidate) => candidate !== undefined);
}
