import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckDescription } from '../contract.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** The child's program: TypeScript beside TypeScript, JavaScript once built. */
export const CHILD_ENTRY = join(HERE, `child${EXTENSION}`);

/** The program that imports what the child does, to have it compiled. */
export const WARM_ENTRY = join(HERE, `warm${EXTENSION}`);

/** The module of a built-in check: the file of its name in the folder of its stage. The child loads no other check. */
export function moduleOf({ stage, name }: Pick<CheckDescription, 'stage' | 'name'>): URL {
  const path = `${stage}/${name}`.replaceAll('_', '-');
  return new URL(`../${path}${EXTENSION}`, import.meta.url);
}

/**
 * What the child must read to run our code: the sources, package.json and every folder of packages above them.
 * Folders end with a slash. Not the project's folder as a whole, which may hold data and keys.
 */
export function codePaths(extra: readonly string[]): readonly string[] {
  const sources = realpathSync(join(HERE, '..', '..'));
  const project = dirname(sources);
  const packages = ancestors(project).map((folder) => join(folder, 'node_modules'));
  const manifest = join(project, 'package.json');
  return [
    ...[sources, ...packages.filter((path) => existsSync(path)).flatMap(seenAndReal), ...extra].map(
      (path) => `${path}/`,
    ),
    ...(existsSync(manifest) ? [manifest] : []),
  ];
}

/** A folder of packages may be a link: code is looked up by the one path and read by the other. */
function seenAndReal(path: string): string[] {
  return [...new Set([path, realpathSync(path)])];
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
