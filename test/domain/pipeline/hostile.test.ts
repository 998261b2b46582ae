import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePoint } from '../../support/code-point.ts';
import { problemsOf, withMore } from './problems-of.ts';

describe('a hostile file', () => {
  it('of a mebibyte and more is not read', () => {
    expect(problemsOf(`#${'x'.repeat(1024 * 1024)}\n`)[0]?.message).toContain('1 MiB');
  });

  it('of aliases upon aliases is refused before it unfolds', () => {
    const levels = Array.from(
      { length: 30 },
      (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`,
    );
    const problems = problemsOf(`a0: &a0 [x]\n${levels.join('\n')}`);
    expect(problems.some(({ message }) => message === 'aliases are not allowed')).toBe(true);
  });

  it.each([
    ['lists', (depth: number) => '['.repeat(depth) + ']'.repeat(depth)],
    ['open lists', (depth: number) => '['.repeat(depth)],
    ['maps', (depth: number) => '{a: '.repeat(depth) + '}'.repeat(depth)],
    ['dashes', (depth: number) => `${'- '.repeat(depth)}x`],
    [
      'indented maps',
      (depth: number) =>
        Array.from({ length: Math.min(depth, 1200) }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
    ],
  ])('of %s within one another without end is refused', (_what, nest) => {
    for (const depth of [300, 3000, 20_000]) {
      const problems = problemsOf(nest(depth));
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.length).toBeLessThanOrEqual(101);
    }
    expect(problemsOf(nest(3000)).map(({ message }) => message)).toContain('nested deeper than 64 levels');
  });

  it('changes no prototype', () => {
    problemsOf(
      withMore(
        '    parameters: { __proto__: { polluted: 1 }, constructor: { prototype: { polluted: 1 } } }\n',
      ),
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('never makes the parser throw', () => {
    const piece = fc.constantFrom(
      'stages',
      ':',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      '&a',
      '*a',
      '!x',
      '"',
      "'",
      '|',
      '>',
      '#',
      '? ',
      '---',
      '%YAML 1.2',
      'name',
      'checks',
      '1.10',
      '\t',
      '\u0000',
      '\ufeff',
      '<<',
    );
    const anyText = fc.oneof(
      fc.string({ unit: codePoint }),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        for (const { where } of problemsOf(text)) expect(where).toMatch(/^p\.yaml:\d+:\d+$/);
      }),
      { numRuns: 500 },
    );
  });
});
