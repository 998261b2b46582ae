import fc from 'fast-check';

const SURROGATES = { first: 0xd800, count: 0x800 };
const LAST = 0x10ffff;

/**
 * Any character of Unicode, for strings of them: what `unit: 'binary'` of fast-check gives, which fills a table of all
 * million of them first, in seconds, to look up from where one came.
 */
export const codePoint: fc.Arbitrary<string> = fc
  .nat(LAST - SURROGATES.count)
  .map((index) => String.fromCodePoint(index < SURROGATES.first ? index : index + SURROGATES.count), indexOf);

function indexOf(value: unknown): number {
  const point = typeof value === 'string' ? value.codePointAt(0) : undefined;
  if (point === undefined || String.fromCodePoint(point) !== value || !value.isWellFormed())
    throw new Error('not one character');
  return point < SURROGATES.first ? point : point - SURROGATES.count;
}
