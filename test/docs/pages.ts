import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** A page of documentation. */
export interface Page {
  /** Path from the root. */
  readonly path: string;
  readonly text: string;
}

/** Every page, those that are made from the code too. */
export function allPages(): readonly Page[] {
  const folders = ['docs', 'docs/reference'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  );
  return ['README.md', 'CONTRIBUTING.md', 'examples/fraud-detection/README.md', ...folders].map(pageAt);
}

export function pageAt(path: string): Page {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** The contents of a page's fenced blocks of a language. */
export function blocksOf({ text }: Page, language: string): readonly string[] {
  return [...text.matchAll(/^ *```(\w+)\n(.*?)^ *```$/gms)].flatMap(([, found, block = '']) =>
    found === language ? [block] : [],
  );
}
