import { describe, expect, it } from 'vitest';
import type { InventorySource } from '../../src/inventory/index.ts';
import { type Looks, lookAround } from '../../src/services/look-around.ts';
import type { Sight } from '../../src/services/observe-source.ts';
import type { SourceState } from '../../src/storage/index.ts';
import { AT_EVERY_TICK } from './watched.ts';

const [slow, fast]: [InventorySource, InventorySource] = ['slow', 'fast'].map((name) => ({
  ...AT_EVERY_TICK,
  name,
  observe: () => Promise.reject(new Error('not asked')),
})) as never;

const sight = (name: string, lookedAt: string, kind: Sight['kind'] = 'seen'): Sight => {
  const state = { name, lookedAt, seenAt: null, failingSince: null, problem: null, deployments: 0 };
  return kind === 'seen' ? { kind, state, deployments: new Map(), gaps: [] } : { kind, state };
};

/** A monitor of a source that answers when told to, and one that answers at once. */
function open() {
  const looks: Looks = { ended: new Map(), underWay: new Map() };
  const before = new Map<string, SourceState>();
  let answers: ((given: Sight) => void)[] = [];
  const asked: (string | null)[] = [];
  return {
    asked,
    /** @param answer of the look that this tick begins at the slow one, in time; null for one that is late */
    tick: async (at: string, answer: Sight | null) => {
      const sights = await lookAround(looks, [slow, fast], {
        now: `2026-12-01T12:0${at}:00.000Z`,
        before,
        look: async (source, state) => {
          if (source.name === fast.name) return sight('fast', at);
          asked.push(state?.lookedAt ?? null);
          return answer ?? new Promise<Sight>((resolve) => answers.push(resolve));
        },
        patience: () => new Promise((resolve) => setImmediate(resolve)),
      });
      for (const { state } of sights) before.set(state.name, state);
      return sights.map(({ kind, state }) => `${state.name} ${kind} ${state.lookedAt}`);
    },
    arrive: async (given: Sight) => {
      for (const answer of answers) answer(given);
      answers = [];
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('looking around', () => {
  it('does not wait for a slow source: it is left out until it was seen, then stays as it was', async () => {
    const { tick, arrive, asked } = open();
    expect(await tick('1', null)).toEqual(['fast seen 1']);
    expect(await tick('2', null)).toEqual(['fast seen 2']);
    expect(asked).toEqual([null]);
    await arrive(sight('slow', '1'));
    expect(await tick('3', null)).toEqual(['slow seen 1', 'fast seen 3']);
    expect(asked).toEqual([null, '1']);
    expect(await tick('4', null)).toEqual(['slow resting 1', 'fast seen 4']);
    expect(asked).toEqual([null, '1']);
  });

  it('takes the newest look, and a late one where the newer has nothing to show', async () => {
    const { tick, arrive } = open();
    await tick('1', null);
    await arrive(sight('slow', '1'));
    expect(await tick('2', sight('slow', '2'))).toEqual(['slow seen 2', 'fast seen 2']);
    await tick('3', null);
    await arrive(sight('slow', '3'));
    expect(await tick('4', sight('slow', '4', 'resting'))).toEqual(['slow seen 3', 'fast seen 4']);
    expect(await tick('5', sight('slow', '5'))).toEqual(['slow seen 5', 'fast seen 5']);
  });

  it('tells that a look failed at the tick after one that took what was seen before', async () => {
    const { tick, arrive } = open();
    await tick('1', null);
    await arrive(sight('slow', '1'));
    expect(await tick('2', sight('slow', '2', 'unreadable'))).toEqual(['slow seen 1', 'fast seen 2']);
    expect(await tick('3', null)).toEqual(['slow unreadable 2', 'fast seen 3']);
  });
});
