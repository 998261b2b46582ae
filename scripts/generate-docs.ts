// Writes what in docs is made from the code (`npm run docs`), or tells whether it is up to date (`--check`).
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DOCS, renderPages } from './docs/pages.ts';

const pages = await renderPages();
const present = await readdir(join(DOCS, 'reference')).catch(() => []);
const gone = present.map((file) => `reference/${file}`).filter((path) => !pages.has(path));

if (process.argv.includes('--check')) await check();
else await write();

async function check(): Promise<void> {
  const compared = [...pages].map(async ([path, text]) => (text === (await committed(path)) ? [] : [path]));
  const stale = [...(await Promise.all(compared)).flat(), ...gone];
  if (stale.length === 0) return;
  const list = stale.map((path) => `docs/${path}`).join(', ');
  process.stderr.write(
    `not what the code says: ${list}\nrun npm run docs, look at what changed, and commit it\n`,
  );
  process.exitCode = 1;
}

async function write(): Promise<void> {
  await mkdir(join(DOCS, 'reference'), { recursive: true });
  for (const [path, text] of pages) await writeFile(join(DOCS, path), text);
  for (const path of gone) await rm(join(DOCS, path));
}

async function committed(path: string): Promise<string | null> {
  return readFile(join(DOCS, path), 'utf8').catch(() => null);
}
