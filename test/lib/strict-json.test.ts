import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from '../../src/lib/index.ts';

const messageOf = (text: string) => {
  const result = parseStrictJson('card', text);
  return result.ok ? undefined : result.problems[0]?.message;
};

describe('parseStrictJson', () => {
  it('reads what JSON.parse reads', () => {
    const document = fc
      .jsonValue({ maxDepth: 8 })
      .filter((value) => !JSON.stringify(value).includes('"__proto__"'));
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseStrictJson('card', text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it.each([
    ['200,000 open brackets', '['.repeat(200_000), 'is nested deeper than 64 levels'],
    ['200,000 open objects', '{"a":'.repeat(200_000), 'is nested deeper than 64 levels'],
    ['a key twice', '{"a":1,"a":2}', 'holds the key "a" twice in one object'],
    ['a key twice, once escaped', '{"a":1,"\\u0061":2}', 'holds the key "a" twice in one object'],
    ['__proto__', '{"x":{"__proto__":{"admin":true}}}', 'holds the key "__proto__"'],
    ['1e400', '{"a":1e400}', 'holds the number 1e400, which is not finite'],
    [
      'a number of 500 digits',
      `[1${'0'.repeat(500)}]`,
      'holds the number 10000000000000000000, which is not finite',
    ],
  ])('refuses %s', (_, text, expected) => {
    expect(messageOf(text)).toBe(expected);
  });

  it.each([
    '',
    '{',
    '{"a" 1}',
    '[1,]',
    '"unterminated',
    'nul',
    '{"a":1}}',
    '-----BEGIN PUBLIC KEY-----',
    '[1x]',
  ])('refuses %j as no JSON', (text) => {
    expect(messageOf(text)).toMatch(/^is not JSON/);
  });

  it('does not take the same key in sibling objects for a repetition', () => {
    expect(messageOf('[{"a":1},{"a":{"a":2}},"a"]')).toBeUndefined();
  });

  it('needs no stack for a string of megabytes', () => {
    expect(messageOf(JSON.stringify({ a: 'x\\"'.repeat(1_000_000) }))).toBeUndefined();
  });
});
