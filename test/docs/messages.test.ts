import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pageAt, ROOT } from './pages.ts';

const sources = globSync('src/**/*.ts', { cwd: ROOT })
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n')
  // A message may go on in the next line's string.
  .replaceAll(/['`] \+\s+['`]/g, '');

const [, table = ''] = pageAt('docs/operations.md').text.split('## Troubleshooting');
const messages = table.split('\n').flatMap((line) => {
  const [, cell = ''] = line.split('|');
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message);
});

/** A message's fixed parts: `…` stands for what varies, and so do names and numbers within it. */
function partsOf(message: string): readonly string[] {
  const varying = /…|\(E[A-Z]+\): |chat\.postMessage|not_in_channel|http:\/\//;
  return message
    .split(varying)
    .map((part) => part.trim())
    .filter((part) => /\w{3}/.test(part));
}

it('is about many', () => {
  expect(messages.length).toBeGreaterThan(25);
});

it.each(messages)('%s is a message of ours', (message) => {
  expect(partsOf(message)).not.toEqual([]);
  expect(partsOf(message).filter((part) => !sources.includes(part))).toEqual([]);
});
