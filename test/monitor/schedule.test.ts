import { parse } from 'node-cron';
import { describe, expect, it } from 'vitest';
import { cronExpression } from '../../src/monitor/schedule.ts';

const DAY = 86_400;

describe('an interval', () => {
  it.each([1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 900, 1800, 3600, 7200, 21_600, 43_200, DAY])(
    'of %i s is kept evenly, through the day and over midnight',
    (seconds) => {
      const times = firingsOfADay(cronExpression(seconds));
      const gaps = times.map((time, index) => (times[index + 1] ?? DAY + (times[0] ?? 0)) - time);
      expect(new Set(gaps)).toEqual(new Set([seconds]));
    },
  );

  it.each([
    [45, '30 s or 60 s'],
    [7, '6 s or 10 s'],
    [90, '60 s or 120 s'],
    [59, '30 s or 60 s'],
    [61, '60 s or 120 s'],
    [5400, '3600 s or 7200 s'],
    [0, '1 s'],
    [-30, '1 s'],
    [1.5, '1 s or 2 s'],
    [Number.NaN, 'from 1 s to 86400 s'],
    [DAY + 1, '86400 s'],
  ])('of %d s is refused, and the nearest named', (seconds, nearest) => {
    expect(() => cronExpression(seconds)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(nearest) }),
    );
  });
});

/** Seconds of the day at which an expression fires, by node-cron's own reading of it. */
function firingsOfADay(expression: string): number[] {
  const { second, minute, hour } = parse(expression);
  return hour
    .flatMap((h) => minute.flatMap((m) => second.map((s) => h * 3600 + m * 60 + s)))
    .sort((a, b) => a - b);
}
