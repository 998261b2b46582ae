// Puts the command line's many small modules, and the few packages that it reads at every start, into a few files, which
// halves the time that `countersign verify` takes to start. Part of `npm run build`: it replaces dist/cli as the compiler
// left it. What operators' commands need beyond that (dist/compose and all behind it) stays as it is.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const DIST = join(import.meta.dirname, '../dist');
const at = (file: string) => join(DIST, file);

/** Shared with dist/compose: of an error's class there may be one only, or `instanceof` is wrong. */
const ERROR = at('domain/error.js');
const FRESH = at('bundled');

await bundle({ 'domain/error': ERROR }, () => false, false);
await bundle(
  // The worker is started by its name, beside the module that starts it.
  { 'cli/main': at('cli/main.js'), 'cli/hash-worker': at('artifact/hash-worker.js') },
  (id) => id === ERROR || id === at('compose.js') || id.startsWith(at('compose/')) || isLeft(id),
);
await rm(at('cli'), { recursive: true });
await cp(FRESH, DIST, { recursive: true });
await rm(FRESH, { recursive: true });

/** Packages that few commands load. */
function isLeft(id: string): boolean {
  return /^(@sigstore\/.*|tweetnacl|listr2)$/.test(id);
}

async function bundle(
  input: Record<string, string>,
  external: (id: string) => boolean,
  moduleSideEffects = true,
): Promise<void> {
  await using build = await rolldown({
    input,
    external,
    platform: 'node',
    // Also where a package says that none of its modules has any: zod's words for errors are such an effect.
    treeshake: { moduleSideEffects },
  });
  await build.write({
    dir: FRESH,
    entryFileNames: '[name].js',
    chunkFileNames: 'cli/part-[name].js',
    // By itself, so that it can be told how to make schemas before any is made.
    codeSplitting: { groups: [{ name: 'zod', test: /node_modules\/zod\// }] },
  });
}
