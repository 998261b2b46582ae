import { startEmbeddedPostgres } from '../../src/storage/index.ts';
import type { Bench, BenchOptions, Reading } from '../bench.ts';
import { scratchFolder } from '../scratch.ts';
import { govern, openGround } from './ground.ts';
import { growth } from './growth.ts';
import { ratios, timeReadings } from './readings.ts';
import { measure } from './rounds.ts';

const SIZES = [1000, 10_000, 100_000] as const;
/** Deployments that serve one model version; and so few of them, for what it takes to judge many different ones. */
const SHARED = 100;
const DIFFERENT = 10;
const QUIET_TICKS = 1000;
const DATABASE_BYTES = 4 * 2 ** 30;

/** What a tick of the monitor takes where nothing changed, or little, against one that looks at everything. */
export const reconcile: Bench = {
  name: 'reconcile',
  summary: 'a tick with 1,000, 10,000 and 100,000 deployments: quiet, with ten changes, and of everything',
  async run({ scale, repetitions, say }: BenchOptions): Promise<Reading[]> {
    await using scratch = await scratchFolder(DATABASE_BYTES);
    await using postgres = await startEmbeddedPostgres({ dataDir: scratch.path, onProgress: () => {} });
    const server = postgres.connectionString;
    const [few, middle, many] = SIZES.map((size) => Math.max(SHARED, Math.round(size * scale))) as Sizes;
    say(`governing ${many / SHARED} model versions`);
    const governed = await govern(server, 'governed', Math.ceil(many / SHARED));
    const asked = [few, middle, many].map((count) => ({ count, ofAVersion: SHARED }));
    const measured = await measure(governed, [...asked, { count: middle, ofAVersion: DIFFERENT }], {
      repetitions,
      say,
    });
    // Many ticks of a small ledger: what the ledger takes at each is no part of the question.
    const small = await govern(server, 'governed_few', Math.ceil(middle / SHARED));
    await using ground = await openGround(small, 'growth', { count: middle, ofAVersion: SHARED });
    const memory = await growth(ground, Math.max(10, Math.round(QUIET_TICKS * scale)), say);
    return [...timeReadings(measured, many), ...ratios(measured.slice(0, SIZES.length)), ...memory];
  },
};

type Sizes = [few: number, middle: number, many: number];
