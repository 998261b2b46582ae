import type { BenchOptions } from '../bench.ts';
import { secondsOf } from '../pairs.ts';
import { type Governed, type Ground, openGround, type Shown } from './ground.ts';

/** Deployments that serve other bytes at a tick with some changes. */
export const CHANGES = 10;

/** Seconds that ticks of each kind take. */
export interface Times {
  /** One that looks at everything, as after a change of the policy or of the leader. */
  readonly full: number;
  /** One at which the source is looked at and shows what it showed. */
  readonly quiet: number;
  /** One at which ten deployments serve other bytes. */
  readonly changed: number;
  /** One at which it is not the source's turn. */
  readonly resting: number;
}

/** What was measured where so much is shown. */
export interface Measured {
  readonly shown: Shown;
  /** Seconds of the first tick, which stores every deployment. */
  readonly first: number;
  readonly rounds: readonly Times[];
}

/**
 * Measures ticks on several grounds in turns, so that what else the machine does falls upon all of them. All have the same
 * ledger.
 */
export async function measure(
  governed: Governed,
  all: readonly Shown[],
  { repetitions, say }: Pick<BenchOptions, 'repetitions' | 'say'>,
): Promise<Measured[]> {
  await using opened = new AsyncDisposableStack();
  const grounds: { shown: Shown; ground: Ground; first: number; rounds: Times[] }[] = [];
  for (const [at, shown] of all.entries()) {
    say(`${shown.count} deployments of ${Math.ceil(shown.count / shown.ofAVersion)} model versions`);
    const ground = opened.use(await openGround(governed, `ground_${at}`, shown));
    grounds.push({ shown, ground, first: await secondsOf(ground.tick), rounds: [] });
  }
  const most = Math.max(...all.map(({ count }) => count));
  for (let round = 1; round <= repetitions; round++) {
    say(`round ${round} of ${repetitions}`);
    for (const { shown, ground, rounds } of grounds)
      rounds.push(await timesOf(ground, Math.min(OFTEN, Math.ceil(most / shown.count))));
  }
  return grounds.map(({ shown, first, rounds }) => ({ shown, first, rounds }));
}

/** What is over soon is done so often at once: one short time says little. */
const OFTEN = 3;

async function timesOf(ground: Ground, often: number): Promise<Times> {
  const mean = async (work: () => Promise<unknown>) => {
    const all = await secondsOf(async () => {
      for (let n = 0; n < often; n++) await work();
    });
    return all / often;
  };
  const full = await mean(ground.takeOver);
  const quiet = await mean(ground.tick);
  const changed = await mean(() => {
    ground.change(CHANGES);
    return ground.tick();
  });
  ground.look(false);
  // The source is looked at once more, for a new day of it begins.
  await ground.tick();
  const resting = await mean(ground.tick);
  ground.look(true);
  return { full, quiet, changed, resting };
}
