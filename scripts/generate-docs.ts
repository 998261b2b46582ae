// Writes docs/reference from the code's own metadata (`npm run docs`), or tells whether it is up to date (`--check`).
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderPages } from './docs/pages.ts';

const FOLDER = join(import.meta.dirname, '../docs/reference');

const pages = await renderPages();
const present = await readdir(FOLDER).catch(() => []);
const gone = present.filter((file) => !pages.has(file));

if (process.argv.includes('--check')) {
  const texts = await Promise.all(
    [...pages].map(async ([file, text]) => ({ file, same: text === (await committed(file)) })),
  );
  const stale = [...texts.filter(({ same }) => !same).map(({ file }) => file), ...gone];
  if (stale.length > 0) {
    process.stderr.write(
      `docs/reference is not what the code says: ${stale.join(', ')}\nrun npm run docs, look at what changed, and commit it\n`,
    );
    process.exitCode = 1;
  }
} else {
  await mkdir(FOLDER, { recursive: true });
  for (const [file, text] of pages) await writeFile(join(FOLDER, file), text);
  for (const file of gone) await rm(join(FOLDER, file));
}

async function committed(file: string): Promise<string | null> {
  return readFile(join(FOLDER, file), 'utf8').catch(() => null);
}
