import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The checkout's root folder. */
export const ROOT = join(import.meta.dirname, '..', '..');

const CRUISER = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
const CONFIG = join(ROOT, '.dependency-cruiser.mjs');

/** One broken rule: which, in which file, and what it led to. */
export interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

/** What dependency-cruiser says of a tree. */
export interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly module: string; readonly protocol?: string }[];
  }[];
  readonly summary: { readonly violations: readonly Violation[]; readonly totalCruised: number };
}

/** A folder with the given files (path → text), removed when disposed of. */
export function plantTree(files: Readonly<Record<string, string>>): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'countersign-planted-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** Runs dependency-cruiser on `src` of a tree with this project's rules, as `npm run boundaries` does. */
export function cruise(tree: string, outputType: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CRUISER, 'src', '--config', CONFIG, '--output-type', outputType],
    { cwd: tree, encoding: 'utf8', env: { PATH: process.env['PATH'] }, maxBuffer: 64 * 1024 * 1024 },
  );
  if (stdout === '') throw new Error(`dependency-cruiser did not run: ${stderr}`);
  return { status, output: stdout };
}

/** Like {@link cruise}, read from its JSON. */
export function cruiseToJson(tree: string): Cruise {
  return JSON.parse(cruise(tree, 'json').output) as Cruise;
}

/** The name of every rule that this project has. */
export async function ruleNames(): Promise<string[]> {
  const { default: config } = (await import(CONFIG)) as {
    default: { forbidden: readonly { name: string }[] };
  };
  return config.forbidden.map(({ name }) => name);
}
