import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonText } from '../../src/api/request/json-text.ts';

const REFUSED: readonly (readonly [string, string, string])[] = [
  ['', 'line 1 column 1', 'found the end'],
  ['{"a": abc}', 'line 1 column 7', 'expected a JSON value, found "a"'],
  ['{"a": 1,\n}', 'line 2 column 1', 'member name in double quotes'],
  ['{"a" 1}', 'line 1 column 6', 'expected ":"'],
  ['[1 2]', 'line 1 column 4', 'expected "," or "]"'],
  ['{} x', 'line 1 column 4', 'the end of the JSON text'],
  ["{'a': 1}", 'line 1 column 2', 'member name in double quotes'],
  ['{"a": "open}', 'line 1 column 7', 'without its closing quote'],
  ['{"a": "\\x"}', 'line 1 column 7', 'an escape that JSON does not know'],
  ['{"a": "two\nlines"}', 'line 1 column 11', 'control character'],
  ['{"a": 1, "a": 2}', 'line 1 column 10', '"a" is there twice'],
  ['{"a": 1, "\\u0061": 2}', 'line 1 column 10', '"a" is there twice'],
  ['{"__proto__": {}}', 'line 1 column 2', '__proto__'],
  ['{"a": 1e400}', 'line 1 column 7', 'range of a double'],
  ['{"a": 01}', 'line 1 column 8', 'expected "," or "}"'],
  ['{"a": NaN}', 'line 1 column 7', 'expected a JSON value'],
  ['{"a": "\\u0000"}', 'line 1 column 7', 'NUL'],
  ['{"a": "\\ud800"}', 'line 1 column 7', 'unpaired surrogate'],
  ['// comment\n{}', 'line 1 column 1', 'expected a JSON value'],
];

describe('parseJsonText', () => {
  it.each(REFUSED)('refuses %j at its place', (text, place, message) => {
    const result = parseJsonText(text);
    expect(result.ok ? [] : result.problems).toEqual([
      { where: `body ${place}`, message: expect.stringContaining(message) },
    ]);
  });

  it('reads what JSON.stringify writes, whatever it is', () => {
    const value = fc.jsonValue({ maxDepth: 6 });
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (json, indent) => {
        const text = JSON.stringify(json, null, indent);
        const hostile = /\\u0000|\\ud[89a-f]|"__proto__":/.test(text);
        const result = parseJsonText(text);
        if (result.ok) expect(result.value).toEqual(JSON.parse(text));
        else expect(hostile).toBe(true);
      }),
    );
  });

  it('agrees with JSON.parse on what is not JSON at all', () => {
    const noise = fc.array(fc.constantFrom(...'{}[],:"\\ 01.e-+truefalsn\n'), { maxLength: 12 });
    fc.assert(
      fc.property(noise, (characters) => {
        const text = characters.join('');
        if (!isJson(text)) expect(parseJsonText(text).ok).toBe(false);
      }),
    );
  });

  it('refuses a million levels at once, and a megabyte of string without fuss', () => {
    for (const open of ['[', '{"a":']) {
      const deep = parseJsonText(open.repeat(200_000));
      expect(deep.ok ? '' : deep.problems[0]?.message).toContain('nested deeper than 32 levels');
    }
    expect(parseJsonText(`"${'\\n'.repeat(500_000)}"`)).toMatchObject({ ok: true });
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
