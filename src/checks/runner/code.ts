import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CheckDescription } from '../contract.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** Our sources, or what was built of them. */
const OWN = join(HERE, '..', '..');

/** What checks' processes run. */
export interface Programs {
  /** Runs one check. */
  readonly child: string;
  /** Imports what the child does, to have it compiled. */
  readonly warm: string;
  /** The module that finds an artifact's format. */
  readonly formatCheck: URL;
  /** The module of a built-in check: the file of its name in the folder of its stage. The child loads no other check. */
  moduleOf(check: Pick<CheckDescription, 'stage' | 'name'>): URL;
}

/** The programs of our own code, TypeScript beside TypeScript and JavaScript once built, or those of a bundle of it. */
export function programsIn(bundle: string | undefined): Programs {
  const extension = bundle === undefined ? EXTENSION : '.js';
  const at = (path: string) => join(bundle ?? OWN, 'checks', `${path}${extension}`);
  return {
    child: at('runner/child'),
    warm: at('runner/warm'),
    formatCheck: pathToFileURL(at('external/format-check')),
    moduleOf: ({ stage, name }) => pathToFileURL(at(`${stage}/${name}`.replaceAll('_', '-'))),
  };
}

/**
 * What the child must read to run our code: the sources, package.json and every folder of packages above them; the same of
 * a bundle. Folders end with a slash. Not the project's folder as a whole, which may hold data and keys.
 */
export function codePaths(bundle: string | undefined, extra: readonly string[]): readonly string[] {
  const found = [OWN, ...(bundle === undefined ? [] : [bundle])].map(codeIn);
  const folders = [...found.flatMap((each) => each.folders), ...extra].map((path) => `${path}/`);
  return [...new Set([...folders, ...found.flatMap(({ manifests }) => manifests)])];
}

function codeIn(folder: string) {
  const sources = realpathSync(folder);
  const project = dirname(sources);
  const packages = ancestors(project).map((above) => join(above, 'node_modules'));
  return {
    folders: [sources, ...packages.filter((path) => existsSync(path)).flatMap(seenAndReal)],
    manifests: [join(project, 'package.json')].filter((path) => existsSync(path)),
  };
}

/** A folder of packages may be a link: code is looked up by the one path and read by the other. */
function seenAndReal(path: string): string[] {
  return [...new Set([path, realpathSync(path)])];
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
