import { startEmbeddedPostgres } from '../../src/storage/index.ts';
import type { Bench, BenchOptions, Reading } from '../bench.ts';
import { median, secondsOf } from '../pairs.ts';
import { scratchFolder } from '../scratch.ts';
import { type Ground, govern, OF_A_VERSION, openGround } from './ground.ts';
import { heldBytes } from './heap.ts';

const SIZES = [1000, 10_000, 100_000] as const;
const TICKS = 1000;
const CHANGES = 10;
const DATABASE_BYTES = 4 * 2 ** 30;

/** What ticks of one size take, in seconds. */
interface Times {
  readonly size: number;
  /** The first tick, which stores every deployment. */
  readonly first: number;
  /** One that looks at everything, as after a change of the policy or of the leader. */
  readonly full: number;
  /** One at which the source is looked at and shows what it showed. */
  readonly quiet: number;
  /** One at which it is not the source's turn. */
  readonly resting: number;
  /** One at which ten deployments serve other bytes. */
  readonly changed: number;
}

/** What a tick of the monitor takes where nothing changed, or little, against one that looks at everything. */
export const reconcile: Bench = {
  name: 'reconcile',
  summary: 'a tick with 1,000, 10,000 and 100,000 deployments: quiet, with ten changes, and of everything',
  async run({ scale, repetitions, say }: BenchOptions): Promise<Reading[]> {
    await using scratch = await scratchFolder(DATABASE_BYTES);
    await using postgres = await startEmbeddedPostgres({ dataDir: scratch.path, onProgress: () => {} });
    const sizes = SIZES.map((size) => Math.max(OF_A_VERSION, Math.round(size * scale)));
    const versions = Math.ceil(Math.max(...sizes) / OF_A_VERSION);
    say(`governing ${versions} model versions`);
    const governed = await govern(postgres.connectionString, versions);
    const all: Times[] = [];
    let memory: readonly Reading[] = [];
    for (const [at, size] of sizes.entries()) {
      say(`${size} deployments of ${Math.ceil(size / OF_A_VERSION)} model versions`);
      await using ground = await openGround(governed, `ground_${at}`, size);
      all.push(await timesOf(ground, size, repetitions));
      if (at === 1) memory = await growth(ground, Math.max(10, Math.round(TICKS * scale)), say);
    }
    return [...all.flatMap(timeReadings), ...ratios(all), ...memory];
  },
};

async function timesOf(ground: Ground, size: number, repetitions: number): Promise<Times> {
  const often = async (work: () => Promise<number>) => {
    const times: number[] = [];
    for (let n = 0; n < repetitions; n++) times.push(await work());
    return median(times);
  };
  const first = await secondsOf(ground.tick);
  const full = await often(() => secondsOf(ground.takeOver));
  await ground.tick();
  const quiet = await often(() => secondsOf(ground.tick));
  const changed = await often(() => {
    ground.change(CHANGES);
    return secondsOf(ground.tick);
  });
  ground.look(false);
  await ground.tick();
  const resting = await often(() => secondsOf(ground.tick));
  ground.look(true);
  return { size, first, full, quiet, resting, changed };
}

function timeReadings({ size, first, full, quiet, resting, changed }: Times): Reading[] {
  const of = (name: string, value: number, limit: Partial<Reading> = {}): Reading => ({
    name: `${size.toLocaleString('en')}: ${name}`,
    value,
    unit: 's',
    ...limit,
  });
  return [
    of('seen for the first time', first),
    of('everything', full, size === SIZES[2] ? { atMost: 10 } : {}),
    of('nothing changed', quiet),
    of('nothing changed, and no source was due', resting),
    of(`${CHANGES} changed`, changed),
  ];
}

function ratios(all: readonly Times[]): Reading[] {
  const [small, large] = [all[0], all.at(-1)];
  if (small === undefined || large === undefined) return [];
  const ratio = (name: string, value: number, atMost: number): Reading => ({
    name,
    value,
    unit: 'ratio',
    atMost,
  });
  const each = (times: Times) => times.full / times.size;
  return [
    ratio('everything: time of a deployment, most over fewest', each(large) / each(small), 1.3),
    ratio('nothing changed, over everything', large.quiet / large.full, 0.1),
    ratio('nothing changed and no source due, over everything', large.resting / large.full, 0.05),
    ratio(`${CHANGES} changed, over everything`, large.changed / large.full, 0.15),
    ratio('no source due: most over fewest', large.resting / small.resting, 2),
  ];
}

/** What many quiet ticks leave behind. */
async function growth(ground: Ground, ticks: number, say: BenchOptions['say']): Promise<Reading[]> {
  say(`${ticks} ticks at which nothing changes`);
  for (let n = 0; n < ticks / 10; n++) await ground.tick();
  const before = heldBytes();
  for (let n = 0; n < ticks; n++) await ground.tick();
  const after = heldBytes();
  return [
    {
      name: `held after ${ticks} quiet ticks, over before`,
      value: after / before,
      unit: 'ratio',
      atMost: 1.02,
    },
    { name: 'held', value: after / 2 ** 20, unit: 'MiB' },
  ];
}
