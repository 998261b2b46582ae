import { expect, it } from 'vitest';
import { readMoment } from '../../src/lib/index.ts';

it.each([
  ['2026-08-01', '2026-08-01T00:00:00.000Z'],
  ['2026-08-01T10:00Z', '2026-08-01T10:00:00.000Z'],
  ['2026-08-01T10:00:00.5+02:00', '2026-08-01T08:00:00.500Z'],
  ['2026-02-29', null],
  ['2026-13-01', null],
  ['2026-02-30T10:00Z', null],
  ['2026-08-01T25:00Z', null],
  ['2026-08-01T10:00', null],
  ['2026-08-01 10:00', null],
  ['4.1.2', null],
  ['', null],
])('reads %s', (text, moment) => {
  expect(readMoment(text)).toBe(moment);
});
