import { describe, expect, it } from 'vitest';
import { readUntil } from '../../src/bot/listeners/commands/until.ts';

/** A Monday, 11:30 in Berlin and 05:30 in New York. */
const NOW = '2026-11-23T10:30:00.000Z';
const read = (text: string, zone = 'Europe/Berlin', now = NOW) =>
  readUntil(text.split(' '), now, zone)?.until ?? null;

describe('until when', () => {
  it.each([
    ['8h', '2026-11-23T18:30:00.000Z'],
    ['3D', '2026-11-26T10:30:00.000Z'],
    ['until 2w', '2026-12-07T10:30:00.000Z'],
    ['17:00', '2026-11-23T16:00:00.000Z'],
    ['9:05', '2026-11-24T08:05:00.000Z'],
    ['11:30', '2026-11-24T10:30:00.000Z'],
    ['today', '2026-11-23T23:00:00.000Z'],
    ['tomorrow 12:00', '2026-11-24T11:00:00.000Z'],
    ['Friday', '2026-11-27T23:00:00.000Z'],
    ['fri 17:00', '2026-11-27T16:00:00.000Z'],
    ['monday', '2026-11-23T23:00:00.000Z'],
    ['2026-12-01', '2026-12-01T23:00:00.000Z'],
    ['2026-12-01 09:00', '2026-12-01T08:00:00.000Z'],
    ['2026-11-22', '2026-11-22T23:00:00.000Z'],
  ])('reads "%s" on the clocks of Berlin', (text, until) => {
    expect(read(text)).toBe(until);
  });

  it.each([
    ['17:00', 'UTC', '2026-11-23T17:00:00.000Z'],
    ['17:00', 'America/New_York', '2026-11-23T22:00:00.000Z'],
    ['17:00', 'Asia/Kolkata', '2026-11-23T11:30:00.000Z'],
    ['today', 'Pacific/Auckland', '2026-11-23T11:00:00.000Z'],
    ['tuesday 08:00', 'Pacific/Auckland', '2026-11-23T19:00:00.000Z'],
  ])('reads "%s" on the clocks of %s', (text, zone, until) => {
    expect(read(text, zone)).toBe(until);
  });

  it.each([
    ['a day of 25 hours', '2026-10-25', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['a day of 23 hours', '2026-03-29', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['an hour that comes twice', '2026-10-25 02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['an hour that is left out', '2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ])('takes %s as the clocks do', (_what, text, zone, until) => {
    expect(read(text, zone)).toBe(until);
  });

  it('counts spans in hours of the world, whatever the clocks do meanwhile', () => {
    expect(read('1d', 'Europe/Berlin', '2026-10-24T12:00:00.000Z')).toBe('2026-10-25T12:00:00.000Z');
  });

  it.each([
    '',
    'until',
    'soon',
    'fr',
    '3',
    '3m',
    '-3d',
    '1000d',
    '24:00',
    '17:60',
    '17',
    '2026-02-30',
    '2026-13-01',
    '01.12.2026',
    '26-12-01',
  ])('does not guess at "%s"', (text) => {
    expect(read(text)).toBeNull();
  });

  it('leaves the words behind it alone, be they a time or not', () => {
    const words = (text: string) => readUntil(text.split(' '), NOW, 'UTC')?.rest.join(' ');
    expect(words('until friday 17:00 on leave')).toBe('on leave');
    expect(words('friday on leave 17:00')).toBe('on leave 17:00');
    expect(words('3d 17:00')).toBe('17:00');
  });
});
