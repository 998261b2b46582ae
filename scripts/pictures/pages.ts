import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { withPalette } from './palette.ts';

/** Widths of the screens on which pages are photographed, in CSS pixels. */
const WIDTHS = { phone: 390, desktop: 1280 } as const;

/** Seldom colours, such as the red of what failed, must not be lost. */
const COLORS = 160;

/** Photographs the pages in a folder of golden files as a browser shows them; gives PNG files by name. */
export async function photographPages(
  browser: Browser,
  folder: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const pictures = new Map<string, Buffer>();
  const names = (await readdir(folder)).map((file) => basename(file, '.txt')).sort();
  for (const name of names) {
    const text = await readFile(join(folder, `${name}.txt`), 'utf8');
    for (const [screen, width] of Object.entries(WIDTHS))
      pictures.set(`${name}-${screen}.png`, withPalette(await shoot(browser, text, width), COLORS));
  }
  return pictures;
}

async function shoot(browser: Browser, text: string, width: number): Promise<Buffer> {
  const page = await browser.newPage({ colorScheme: 'light', viewport: { width, height: 700 } });
  try {
    await page.setContent(text);
    return await page.screenshot({ fullPage: true, animations: 'disabled' });
  } finally {
    await page.close();
  }
}
