import { parseArgs } from 'node:util';
import { type Bench, isKept } from './bench.ts';
import { lines } from './show.ts';

/** Every bench, by its name. Only the one that is run is loaded. */
const BENCHES = new Map<string, () => Promise<Bench>>([
  ['bias', async () => (await import('./bias/bias.ts')).bias],
  ['clicks', async () => (await import('./clicks/clicks.ts')).clicks],
  ['hash', async () => (await import('./hash/hash.ts')).hash],
  ['metrics', async () => (await import('./metrics/metrics.ts')).metrics],
  ['reconcile', async () => (await import('./reconcile/reconcile.ts')).reconcile],
  ['verify', async () => (await import('./verify/verify.ts')).verify],
]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    repetitions: { type: 'string', default: '5' },
  },
});

const [name = ''] = positionals;
const bench = await BENCHES.get(name)?.();
const scale = Number(values.scale);
const repetitions = Number(values.repetitions);

if (bench === undefined || !(scale > 0 && scale <= 1) || !(repetitions >= 1)) {
  const all = await Promise.all([...BENCHES.values()].map((load) => load()));
  const list = all.map((one) => `  ${one.name}  ${one.summary}`).join('\n');
  console.log(`npm run bench -- <name> [--json] [--repetitions 5] [--scale 1]\n\n${list}`);
  process.exitCode = name === '' ? 0 : 2;
} else {
  const readings = await bench.run({ scale, repetitions, say: (text) => console.error(text) });
  const judged = scale === 1;
  const passed = readings.every(isKept);
  if (values.json) console.log(JSON.stringify({ bench: bench.name, judged, passed, readings }, null, 2));
  else console.log(lines(bench, readings, judged).join('\n'));
  process.exitCode = judged && !passed ? 1 : 0;
}
