import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { isTimeZone, localTime, timeAt } from '../../src/lib/index.ts';

const iso = (time: number) => new Date(time).toISOString();

describe('the clocks of a time zone', () => {
  it('show what they show', () => {
    expect(localTime(Date.parse('2026-11-23T23:30:00Z'), 'Europe/Berlin')).toEqual({
      date: '2026-11-24',
      weekday: 2,
      minute: 30,
    });
    expect(localTime(Date.parse('2026-11-23T03:30:00Z'), 'America/Los_Angeles')).toEqual({
      date: '2026-11-22',
      weekday: 0,
      minute: 19 * 60 + 30,
    });
  });

  it('show a minute at the time at which a library says so, all year and in odd zones', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Auckland',
      'Pacific/Kiritimati',
      'America/St_Johns',
    ];
    for (const zone of zones)
      for (let day = 0; day < 365; day += 1) {
        const date = iso(Date.parse('2026-01-01T00:00:00Z') + day * 86_400_000).slice(0, 10);
        const known = DateTime.fromISO(`${date}T09:30:00`, { zone }).toMillis();
        if (timeAt(date, 9 * 60 + 30, zone) !== known) throw new Error(`${date} in ${zone}`);
      }
  });

  it('take the first of two in the hour that comes twice, and go on after the hour that is left out', () => {
    // 2026-10-25, 03:00 summer time becomes 02:00; 2026-03-29, 02:00 becomes 03:00.
    expect(iso(timeAt('2026-10-25', 150, 'Europe/Berlin'))).toBe('2026-10-25T00:30:00.000Z');
    expect(iso(timeAt('2026-03-29', 150, 'Europe/Berlin'))).toBe('2026-03-29T01:30:00.000Z');
  });

  it('are known by IANA names only', () => {
    expect(['Europe/Berlin', 'UTC', 'Mars/Base', ''].map(isTimeZone)).toEqual([true, true, false, false]);
  });
});
