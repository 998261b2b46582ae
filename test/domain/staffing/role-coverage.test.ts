import { describe, expect, it } from 'vitest';
import { type Holder, hourSpans, roleCoverage } from '../../../src/domain/index.ts';

const NOW = '2026-11-23T10:00:00.000Z';
const holder = (id: string, timeZone: string | null, unreachable: string | null = null): Holder => ({
  id,
  roles: ['ml_lead'],
  unreachable,
  timeZone,
});
const coverageOf = (...holders: Holder[]) => roleCoverage(['ml_lead'], holders, NOW)[0];

describe('who covers a role', () => {
  it('is awake from seven to eleven at night where they live', () => {
    // Berlin is at UTC+1 in November: awake from 06:00 to 22:00 UTC.
    expect(coverageOf(holder('mira', 'Europe/Berlin'))?.uncoveredHours).toEqual([0, 1, 2, 3, 4, 5, 22, 23]);
  });

  it('moves with daylight saving time', () => {
    const [july] = roleCoverage(['ml_lead'], [holder('mira', 'Europe/Berlin')], '2026-07-01T10:00:00.000Z');
    expect(july?.uncoveredHours).toEqual([0, 1, 2, 3, 4, 21, 22, 23]);
  });

  it('is helped by people elsewhere', () => {
    const both = coverageOf(holder('mira', 'Europe/Berlin'), holder('ken', 'Asia/Tokyo'));
    // Tokyo is at UTC+9: awake from 22:00 to 14:00 UTC.
    expect(both?.uncoveredHours).toEqual([]);
  });

  it('counts nobody who cannot be reached, or whose zone is not known', () => {
    const coverage = coverageOf(
      holder('mira', 'Europe/Berlin', 'their Slack account is deactivated'),
      holder('ken', null),
      holder('ada', 'Mars/Olympus_Mons'),
    );
    expect(coverage).toMatchObject({
      reachable: ['ken', 'ada'],
      unreachable: [{ person: 'mira', why: 'their Slack account is deactivated' }],
      unknownZones: ['ken'],
    });
    expect(coverage?.uncoveredHours).toHaveLength(24);
  });
});

describe('spans of hours', () => {
  it.each([
    [[], ''],
    [[3], '03:00–04:00'],
    [[0, 1, 22, 23], '22:00–02:00'],
    [[1, 2, 5], '01:00–03:00, 05:00–06:00'],
    [Array.from({ length: 24 }, (_, hour) => hour), '00:00–24:00'],
  ])('are told in words: %j', (hours, words) => {
    expect(hourSpans(hours)).toBe(words);
  });
});
