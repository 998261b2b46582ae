// Puts the command line's many small modules, and the few packages that it reads at every start, into a few files, which
// halves the time that `countersign verify` takes to start. Part of `npm run build`: it replaces dist/cli as the compiler
// left it. What operators' commands need beyond that (dist/compose and all behind it) stays as it is.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type InputOptions, rolldown } from 'rolldown';

const DIST = join(import.meta.dirname, '../dist');
const at = (file: string) => join(DIST, file);

/** Shared with dist/compose: of an error's class there may be one only, or `instanceof` is wrong. */
const ERROR = at('domain/error.js');
const FRESH = at('bundled');

const OF_CLI: InputOptions = {
  external: (id) => id === ERROR || id === at('compose.js') || id.startsWith(at('compose/')) || isLeft(id),
  platform: 'node',
  // Of our modules, those that act by being loaded. Packages may too, also where they deny it: zod's words for errors do.
  treeshake: { moduleSideEffects: (id) => /\/node_modules\/|\/cli\/(main|run|few-parses)\.js$/.test(id) },
};

await write({ input: { 'domain/error': ERROR }, platform: 'node' }, []);
const verify = await loadedWith(['cli/program.js', 'cli/commands/verify.js']);
await write(
  // The worker is started by its name, beside the module that starts it.
  { ...OF_CLI, input: { 'cli/main': at('cli/main.js'), 'cli/hash-worker': at('artifact/hash-worker.js') } },
  [
    // What is loaded before the rest: that which needs no schema, and zod, to be told how to make schemas.
    { name: 'exit-code', test: (id) => id === at('cli/exit-code.js') },
    { name: 'zod', test: (id) => id.includes('/node_modules/zod/') },
    { name: 'verify', test: (id) => verify.has(id) },
  ],
);
await rm(at('cli'), { recursive: true });
await cp(FRESH, DIST, { recursive: true });
await rm(FRESH, { recursive: true });

/** Packages that few commands load. */
function isLeft(id: string): boolean {
  return /^(@sigstore\/.*|tweetnacl|listr2)$/.test(id);
}

/** The modules that are loaded at once with these, but not what they may load later. */
async function loadedWith(files: readonly string[]): Promise<ReadonlySet<string>> {
  await using build = await rolldown({ ...OF_CLI, input: files.map(at) });
  const { output } = await build.generate();
  const chunks = output.filter((one) => one.type === 'chunk');
  const loaded = chunks.filter(({ isEntry }) => isEntry);
  for (const { imports } of loaded)
    loaded.push(...chunks.filter((one) => imports.includes(one.fileName) && !loaded.includes(one)));
  return new Set(loaded.flatMap(({ moduleIds }) => moduleIds));
}

/** A file by itself, of the modules for which the test holds and that no group before it has. */
interface Group {
  readonly name: string;
  readonly test: (id: string) => boolean;
}

async function write(options: InputOptions, groups: Group[]): Promise<void> {
  await using build = await rolldown(options);
  await build.write({
    dir: FRESH,
    entryFileNames: '[name].js',
    chunkFileNames: 'cli/part-[name].js',
    codeSplitting: { groups },
    comments: { legal: true, annotation: false, jsdoc: false },
  });
}
