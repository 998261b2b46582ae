import type { BenchOptions, Reading } from '../bench.ts';
import { median } from '../pairs.ts';
import type { Ground } from './ground.ts';
import { heldBytes } from './heap.ts';

/** Looks at what is held, spread over a tenth of the ticks: compiled code comes and goes. */
const LOOKS = 5;

/** What many ticks leave behind at which nothing changes, after a quarter as many that do not count. */
export async function growth(ground: Ground, ticks: number, say: BenchOptions['say']): Promise<Reading[]> {
  say(`${ticks} ticks at which nothing changes`);
  const several = async (count: number) => {
    for (let n = 0; n < count; n++) await ground.tick();
  };
  const held = async () => {
    const looks: number[] = [];
    for (let look = 0; look < LOOKS; look++) {
      await several(ticks / 10 / LOOKS);
      looks.push(heldBytes());
    }
    return median(looks);
  };
  await several(ticks / 4);
  const before = await held();
  await several(ticks);
  const after = await held();
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
