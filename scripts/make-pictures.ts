// Makes docs/pictures: every card, modal, Home and page that the golden tests hold, as the stand-in Slack or a browser shows
// it on a phone and on a desktop (`npm run pictures`; needs Chromium). Run it again whenever a golden file changed.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { pageOf } from './pictures/page.ts';
import { photographPages } from './pictures/pages.ts';
import { readSamples } from './pictures/samples.ts';
import { photograph, WIDTHS } from './pictures/studio.ts';

const ROOT = join(import.meta.dirname, '..');
const PICTURES = join(ROOT, 'docs/pictures');

const samples = await readSamples(join(ROOT, 'test/notify/golden'));
const executablePath = '/usr/bin/chromium';
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
});
try {
  const pages = await photographPages(browser, join(ROOT, 'test/api/golden'));
  const pictures = new Map([...(await photograph(browser, samples)), ...pages]);
  await mkdir(PICTURES, { recursive: true });
  for (const file of await readdir(PICTURES)) if (!pictures.has(file)) await rm(join(PICTURES, file));
  for (const [file, bytes] of pictures) await writeFile(join(PICTURES, file), bytes);
  await writeFile(
    join(ROOT, 'docs/slack-pictures.md'),
    pageOf(samples, [...pages.keys()], Object.keys(WIDTHS)),
  );
} finally {
  await browser.close();
}
