import { parseArgs } from 'node:util';
import { type Bench, isKept } from './bench.ts';
import { bias } from './bias/bias.ts';
import { clicks } from './clicks/clicks.ts';
import { hash } from './hash/hash.ts';
import { metrics } from './metrics/metrics.ts';
import { lines } from './show.ts';
import { verify } from './verify/verify.ts';

/** Every bench. */
const BENCHES: readonly Bench[] = [bias, clicks, hash, metrics, verify];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    scale: { type: 'string', default: '1' },
    repetitions: { type: 'string', default: '5' },
  },
});

const [name] = positionals;
const bench = BENCHES.find((one) => one.name === name);
const scale = Number(values.scale);
const repetitions = Number(values.repetitions);

if (bench === undefined || !(scale > 0 && scale <= 1) || !(repetitions >= 1)) {
  const list = BENCHES.map((one) => `  ${one.name}  ${one.summary}`).join('\n');
  console.log(`npm run bench -- <name> [--json] [--repetitions 5] [--scale 1]\n\n${list}`);
  process.exitCode = name === undefined ? 0 : 2;
} else {
  const readings = await bench.run({ scale, repetitions, say: (text) => console.error(text) });
  const judged = scale === 1;
  const passed = readings.every(isKept);
  if (values.json) console.log(JSON.stringify({ bench: bench.name, judged, passed, readings }, null, 2));
  else console.log(lines(bench, readings, judged).join('\n'));
  process.exitCode = judged && !passed ? 1 : 0;
}
