import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allPages, type Page, pageAt, ROOT } from './pages.ts';

/** Links within the project; a target without a path is an anchor of the page itself. */
function linksOf({ text }: Page): readonly string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/\]\(([^)]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of a page's headings, as they are made where Markdown is shown. */
function anchorsOf({ text }: Page): readonly string[] {
  return [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(allPages())('$path', (page) => {
  it('links to what is there', () => {
    const broken = linksOf(page).filter((link) => {
      const [target = '', anchor] = link.split('#');
      const file = target === '' ? page.path : relative(ROOT, join(ROOT, dirname(page.path), target));
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchorsOf(pageAt(file)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

it('docs/README.md leads to every page of docs', () => {
  const index = linksOf(pageAt('docs/README.md'));
  const pages = allPages().flatMap(({ path }) =>
    path.startsWith('docs/') ? [path.slice('docs/'.length)] : [],
  );
  expect(pages.filter((path) => path !== 'README.md' && !index.includes(path))).toEqual([]);
});
