import { expect, it } from 'vitest';
import { parseQuery } from '../../src/bot/listeners/commands/parse.ts';
import { DAY, HOUR, MINUTE } from '../../src/lib/index.ts';

it.each([
  ['mute 17 for 2h because known', 17, 2 * HOUR, 'known'],
  ['MUTE #17 for 30 minutes, because: known', 17, 30 * MINUTE, 'known'],
  ['mute finding 17 for 1 day because a &lt; b &amp; c', 17, DAY, 'a < b & c'],
  ['mute `17` for 90m because <@U0LEA|lea> because', 17, 90 * MINUTE, '@lea because'],
])('%s', (text, findingId, duration, reason) => {
  expect(parseQuery(text)).toEqual({ kind: 'mute', findingId, duration, reason });
});

it.each([
  ['mute', /which finding/],
  ['mute all for 2h because x', /which finding/],
  ['mute 0 for 2h because x', /which finding/],
  ['mute 17', /for how long/],
  ['mute 17 because x', /for how long/],
  ['mute 17 for ever because x', /for how long/],
  ['mute 17 for 0h because x', /for how long/],
  ['mute 17 for 2h', /say why/],
  [`mute 17 for 2h because ${'x'.repeat(501)}`, /shorten/],
])('%s is not understood', (text, why) => {
  expect(parseQuery(text)).toMatchObject({ kind: 'invalid', why: expect.stringMatching(why) });
});

it.each(['acknowledge 17', 'ACKNOWLEDGE #17', 'acknowledge finding 17', 'acknowledge `17`'])('%s', (text) => {
  expect(parseQuery(text)).toEqual({ kind: 'acknowledge', findingId: 17 });
});

it.each(['acknowledge', 'acknowledge all', 'acknowledge 0', 'acknowledge 17 18'])(
  '%s is not understood',
  (text) => {
    expect(parseQuery(text)).toMatchObject({ kind: 'invalid', why: expect.stringMatching(/which finding/) });
  },
);
