import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderReference } from '../../scripts/docs/pages.ts';

const FOLDER = join(import.meta.dirname, '../../docs/reference');
const pages = await renderReference();

describe('docs/reference', () => {
  it('has the pages that are made from the code, and no other', async () => {
    expect((await readdir(FOLDER)).sort()).toEqual([...pages.keys()].sort());
  });

  it.each([...pages])('%s is what the code says (else run npm run docs)', async (file, text) => {
    expect(await readFile(join(FOLDER, file), 'utf8')).toBe(text);
  });
});

describe('a page', () => {
  const textOf = (file: string): string => pages.get(file) ?? '';

  it('tells the meaning of every key, field, parameter and variable', () => {
    const rows = [...pages.values()]
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.startsWith('| `'));
    expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
    expect(rows.length).toBeGreaterThan(150);
  });

  it('has a section for every command, subcommands too', () => {
    expect(textOf('cli.md')).toMatch(/^## countersign tokens create$/m);
    expect(textOf('cli.md')).toContain('--expires-in <time>');
  });

  it('names the scope of every route under /api', () => {
    const routes = textOf('api.md')
      .split('\n')
      .filter((line) => line.includes('/api/v1/'));
    expect(routes.length).toBeGreaterThan(10);
    expect(
      routes.filter(
        (line) => !/\| `(read|submit|deployments|admin|decide)`(, `(decide|admin)`)? \|/.test(line),
      ),
    ).toEqual([]);
  });

  it('shows defaults also where values are transformed', () => {
    expect(textOf('configuration.md')).toMatch(/^\| `people` \| list of objects \| `\[\]` \|/m);
  });
});
