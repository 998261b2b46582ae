import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A message, a modal or a Home to be photographed. */
export interface Sample {
  /** Names its pictures: `approval-card-pending`. */
  readonly name: string;
  readonly kind: 'message' | 'modal' | 'home';
  /** What is given to Slack. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** The samples in a folder of golden files: those that are JSON with blocks. */
export async function readSamples(folder: string): Promise<readonly Sample[]> {
  const files = (await readdir(folder)).sort();
  const read = files.map(async (file) =>
    sampleOf(basename(file, '.txt'), await readFile(join(folder, file), 'utf8')),
  );
  return (await Promise.all(read)).flat();
}

function sampleOf(name: string, text: string): readonly Sample[] {
  if (!text.startsWith('{')) return [];
  const content = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(content['blocks'])) return [];
  const kind = content['type'] === 'modal' || content['type'] === 'home' ? content['type'] : 'message';
  return [{ name, kind, content }];
}
