import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allPages, blocksOf, pageAt, ROOT } from './pages.ts';

const reference = pageAt('docs/reference/cli.md').text;
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** What `--help` prints of the command that a line calls; the longest name wins. */
function helpFor(words: readonly string[]): string | undefined {
  const sections = reference.split(/^## countersign /m).slice(1);
  const named = sections.map((text) => ({ name: text.split('\n', 1)[0]?.split(' ') ?? [], text }));
  return named
    .filter(({ name }) => name.every((word, index) => words[index] === word))
    .sort((a, b) => b.name.length - a.name.length)[0]?.text;
}

interface CommandLine {
  readonly page: string;
  readonly line: string;
}

/** Every line of a shell block and every line quoted in a sentence that calls one of our programs. */
const lines: readonly CommandLine[] = allPages()
  .filter(({ path }) => !path.startsWith('docs/reference'))
  .flatMap((page) => {
    const blocks = blocksOf(page, 'sh').flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'));
    const quoted = [...page.text.matchAll(/`((?:countersign|npm run|npm start|npm test)[^`\n]*)`/g)];
    return [...blocks, ...quoted.map(([, line = '']) => line)].map((line) => ({ page: page.path, line }));
  });

const calls = lines.flatMap(({ page, line }) => {
  const [, rest] = /(?:^|&& )(?:npm run (?:--silent )?countersign -- |countersign )(.+)$/.exec(line) ?? [];
  return rest === undefined ? [] : [{ page, line, words: (rest.split('#')[0] ?? '').trim().split(/\s+/) }];
});

describe('a command in the documentation', () => {
  it('is one of many', () => expect(calls.length).toBeGreaterThan(12));

  it.each(calls)('$page: $line', ({ words }) => {
    const help = words[0]?.startsWith('<') ? reference : helpFor(words);
    expect(help).toBeDefined();
    const flags = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split('=')[0] ?? '');
    expect(
      flags.filter((flag) => help?.includes(`${flag} `) !== true && help?.includes(`${flag}\n`) !== true),
    ).toEqual([]);
  });
});

describe('a script of npm in the documentation', () => {
  const named = lines.flatMap(({ page, line }) =>
    [...line.matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(([, script = '']) => ({ page, script })),
  );

  it.each(named)('$page: npm run $script', ({ script }) => {
    expect(Object.keys(scripts)).toContain(script);
  });
});
