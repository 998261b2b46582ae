import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addWorkingTime,
  isWorking,
  nextWorking,
  type WorkingHours,
} from '../../../src/domain/escalation/working-hours.ts';
import { HOUR, later, MINUTE } from '../../../src/lib/index.ts';

const BERLIN: WorkingHours = {
  timeZone: 'Europe/Berlin',
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: 9 * 60,
  until: 17 * 60,
  holidays: ['2026-12-25'],
};
const after = (since: string, hours: number) => addWorkingTime(since, hours * HOUR, BERLIN);

describe('working time', () => {
  it.each([
    ['within a day', '2026-11-23T09:00:00.000Z', 4, '2026-11-23T13:00:00.000Z'],
    ['over a night', '2026-11-23T14:00:00.000Z', 4, '2026-11-24T10:00:00.000Z'],
    ['over a weekend', '2026-11-27T15:00:00.000Z', 2, '2026-11-30T09:00:00.000Z'],
    ['from a night', '2026-11-23T22:00:00.000Z', 1, '2026-11-24T09:00:00.000Z'],
    ['over a holiday and a weekend', '2026-12-24T15:00:00.000Z', 2, '2026-12-28T09:00:00.000Z'],
    ['to the last minute of a day', '2026-11-23T08:00:00.000Z', 8, '2026-11-23T16:00:00.000Z'],
    ['over a change of clocks', '2026-10-23T14:00:00.000Z', 2, '2026-10-26T09:00:00.000Z'],
  ])('passes %s', (_, since, hours, expected) => {
    expect(after(since, hours)).toBe(expected);
  });

  it('begins at once where people work, else when they do', () => {
    expect(nextWorking('2026-11-23T10:00:00.000Z', BERLIN)).toBe('2026-11-23T10:00:00.000Z');
    expect(nextWorking('2026-11-23T16:00:00.000Z', BERLIN)).toBe('2026-11-24T08:00:00.000Z');
    expect(nextWorking('2026-11-28T10:00:00.000Z', BERLIN)).toBe('2026-11-30T08:00:00.000Z');
  });

  it('passes as minutes of work would, counted one by one', () => {
    const minutes = fc.integer({ min: 1, max: 2000 });
    const offset = fc.integer({ min: 0, max: 20 * 24 * 60 });
    fc.assert(
      fc.property(offset, minutes, (start, length) => {
        const since = later('2026-10-15T00:00:00.000Z', start * MINUTE);
        let [at, left] = [since, length];
        while (left > 0) {
          if (isWorking(at, BERLIN)) left -= 1;
          at = later(at, MINUTE);
        }
        expect(addWorkingTime(since, length * MINUTE, BERLIN)).toBe(at);
      }),
      { numRuns: 30 },
    );
  });
});
