import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, parseCanonicalJson } from '../../src/lib/index.ts';

it('reads every canonical text, and no other text of the same value', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      const value: unknown = JSON.parse(text);
      let canonical: string;
      try {
        canonical = canonicalJson(value);
      } catch {
        expect(parseCanonicalJson(text)).toBeUndefined();
        return;
      }
      expect(parseCanonicalJson(canonical)).toEqual(JSON.parse(canonical));
      if (text !== canonical) expect(parseCanonicalJson(text)).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['keys like numbers, which an engine moves', '{"10":1,"9":2,"a":3}', true],
  ['the same out of order', '{"9":2,"10":1}', false],
  ['a surrogate pair', '{"a":"😀"}', true],
  ['an unpaired surrogate, escaped', '{"a":"\\ud800"}', false],
  ['a key twice', '{"a":1,"a":1}', false],
  ['white space', '{"a": 1}', false],
  ['another spelling of a number', '{"a":1.0}', false],
  ['another spelling of a string', '{"a":"\\u0041"}', false],
  ['a number out of range', '{"a":1e400}', false],
  ['a minus before zero', '[-0]', false],
  ['no JSON', '{', false],
  ['nesting without end', '['.repeat(100_000), false],
  ['nesting too deep', `${'['.repeat(70)}${']'.repeat(70)}`, false],
])('%s: %s', (_, text, isCanonical) => {
  expect(parseCanonicalJson(text) !== undefined).toBe(isCanonical);
});
