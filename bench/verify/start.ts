import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchOptions, Reading } from '../bench.ts';
import { inTurns, secondsOf } from '../pairs.ts';
import { ROOT, viewedAt } from './record.ts';

const run = promisify(execFile);
/** What `countersign verify` loads of others. */
const BARE = "import 'commander';\nimport 'yaml';\nimport 'zod';\n";
const ARGUMENTS = [
  ...['verify', 'examples/offline/record.tar', '--artifact', 'examples/fraud-detection/4.1.2/model.onnx'],
  ...['--trust', 'examples/offline/trust-policy.json', '--as-of', viewedAt()],
];

/** `countersign verify` from nothing to its answer, against a script that imports the same libraries and ends. */
export async function ofStart({ repetitions, say }: BenchOptions): Promise<Reading[]> {
  say('building, then starting countersign verify in turns with a bare script');
  await run('npm', ['run', 'build'], { cwd: ROOT });
  await mkdir(join(ROOT, 'dist/bench'), { recursive: true });
  const bare = join(ROOT, 'dist/bench/bare.mjs');
  await writeFile(bare, BARE);
  const start = (...args: string[]) => secondsOf(() => run(process.execPath, args, { cwd: ROOT }));
  const { ours, reference, slowdown } = await inTurns(
    repetitions * 4,
    () => start(bare),
    () => start(join(ROOT, 'dist/cli/main.js'), ...ARGUMENTS),
  );
  return [
    { name: 'start: countersign verify over a bare script', value: slowdown, unit: 'ratio', atMost: 1.2 },
    { name: 'start: countersign verify', value: ours, unit: 's' },
    { name: 'start: bare script', value: reference, unit: 's' },
  ];
}
