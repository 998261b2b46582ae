import { cp, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = join(ROOT, 'src');

/** Programs that tests start, and the worker that one of them starts by its name. */
const PROGRAMS = ['main', 'cli/main', 'artifact/hash-worker'];
/** What runs a check in its process. */
const OF_CHECKS = ['checks/runner/child', 'checks/runner/warm', 'checks/external/format-check'];
/** Checks of the tests' own, laid beside ours. */
const OF_TESTS = new Map([
  [join(ROOT, 'test/checks/runner/misbehaving-checks.ts'), 'checks/misbehaving-checks'],
]);

/** Modules that look for files from where they lie: each stays there, in a file of its own. */
const LOCATED = new Map(
  ['checks/runner/code', 'checks/known/shipped', 'cli/program', 'artifact/hash-pool'].map((name) => [
    join(SOURCES, `${name}.ts`),
    name,
  ]),
);

/**
 * Bundles the sources into a few files, laid out as the sources are: many processes that tests start do little but load
 * their modules. Those of checks have a bundle of their own, with their packages in it and nothing of a service.
 */
export async function bundleInto(folder: string): Promise<void> {
  const registry = await readFile(join(SOURCES, 'checks/registry.ts'), 'utf8');
  const checks = [...registry.matchAll(/'\.\/(.+\/.+)\.ts'/g)].map(([, path]) => `checks/${path}`);
  const code = join(folder, 'src');
  await bundle(code, sources(PROGRAMS), /^[^./]/);
  const ofChecks = new Map([...sources([...OF_CHECKS, ...checks]), ...OF_TESTS]);
  await bundle(code, ofChecks, /^(@duckdb|@cyclonedx|onnxruntime-node)\b/);
  // What is looked up from where a module lies.
  for (const name of ['node_modules', 'test', 'examples'])
    await symlink(join(ROOT, name), join(folder, name));
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
}

/** Modules of ours by their paths, each with its name. */
const sources = (names: readonly string[]) =>
  new Map(names.map((name) => [join(SOURCES, `${name}.ts`), name]));

async function bundle(dir: string, entries: ReadonlyMap<string, string>, external: RegExp): Promise<void> {
  const apart = (id: string) => (entries.has(id) ? null : (LOCATED.get(id) ?? null));
  await using build = await rolldown({
    input: Object.fromEntries([...entries].map(([path, name]) => [name, path])),
    platform: 'node',
    external: (id) => external.test(id),
  });
  const [first = ''] = entries.values();
  await build.write({
    dir,
    entryFileNames: '[name].js',
    chunkFileNames: ({ name }) =>
      [...LOCATED.values()].includes(name) ? '[name].js' : `${basename(first)}-[name].js`,
    codeSplitting: { groups: [{ name: apart, debugName: 'located' }] },
  });
}
