import { expect, it } from 'vitest';
import {
  type EnforcementPolicy,
  type Finding,
  MOST_IN_A_ROUND,
  planEnforcement,
} from '../../../src/domain/index.ts';
import { later, MINUTE } from '../../../src/lib/index.ts';
import { FINDING } from '../../notify/samples.ts';

const NOW = '2026-11-23T12:00:00.000Z';
const POLICY: EnforcementPolicy = {
  mode: 'on',
  rules: [{ environments: ['production'], kinds: ['hash_mismatch', 'missing_record'] }],
  mostAtOnce: 2,
  mostPerHour: 3,
};
const fires = (deployment: string, id: number, rest: Partial<Finding> = {}) => ({
  id,
  finding: { ...FINDING, deployment, ...rest },
});
const standing = (deployment: string, dryRun = false) => ({ deployment, dryRun });
const plan = (
  facts: Partial<Parameters<typeof planEnforcement>[1]>,
  policy: Partial<EnforcementPolicy> = {},
) => {
  const none = { firing: [], standing: [], blockedAt: [], allowed: new Map(), now: NOW };
  const { block, held, release } = planEnforcement({ ...POLICY, ...policy }, { ...none, ...facts });
  return [block.map(({ id }) => id), held.map(({ id }) => id), release];
};

it.each<[string, Partial<Finding>]>([
  ['of another environment', { environment: 'staging' }],
  ['of a kind that no rule names', { kind: 'approval_expired' }],
  ['of which nobody knows what it serves', { observed: null }],
])('what is %s blocks nothing', (_what, rest) => {
  expect(plan({ firing: [fires('a', 1, rest)] })).toEqual([[], [], []]);
});

it('a deployment is blocked once, and only as many as nobody has to look at', () => {
  const firing = [fires('a', 1), fires('a', 2, { kind: 'missing_record' }), fires('b', 3), fires('c', 4)];
  expect(plan({ firing })).toEqual([[1, 3], [4], []]);
  expect(plan({ firing, standing: [standing('a'), standing('b')] })).toEqual([[], [4], []]);
  const blockedAt = [later(NOW, -59 * MINUTE), later(NOW, -58 * MINUTE), later(NOW, -61 * MINUTE)];
  expect(plan({ firing, blockedAt })).toEqual([[1], [3, 4], []]);
});

it('what a person lets go is blocked beyond the limit, before all else, and counts', () => {
  const firing = [fires('a', 1), fires('b', 2), fires('c', 3)];
  const allowed = new Map([
    [3, 'lea'],
    [9, 'mira'],
  ]);
  expect(plan({ firing, allowed })).toEqual([[3, 1], [2], []]);
  const full = [standing('x'), standing('y')];
  const facts = {
    firing: [...firing, fires('x', 4), fires('y', 5)],
    standing: full,
    blockedAt: [],
    now: NOW,
  };
  const { block, held } = planEnforcement(POLICY, { ...facts, allowed });
  expect(block).toMatchObject([{ id: 3, allowedBy: 'lea' }]);
  expect(held.map(({ id }) => id)).toEqual([1, 2]);
  expect(plan({ ...facts, allowed }, { mode: 'off' })).toEqual([[], [], ['x', 'y']]);
  expect(plan({ firing: [fires('a', 3, { kind: 'approval_expired' })], allowed }), 'no rule').toEqual([
    [],
    [],
    [],
  ]);
});

it('a deployment is let through as soon as nothing of it fires that would block it, and at once where it is off', () => {
  const firing = [fires('a', 1)];
  expect(plan({ firing, standing: [standing('a'), standing('b')] })).toEqual([[], [], ['b']]);
  expect(plan({ firing, standing: [standing('a')] }, { mode: 'off' })).toEqual([[], [], ['a']]);
});

it('a dry run knows no limit but that of a round, and is no block once it is meant in earnest', () => {
  const firing = [fires('a', 1), fires('b', 2), fires('c', 3)];
  expect(plan({ firing }, { mode: 'dry_run' })).toEqual([[1, 2, 3], [], []]);
  const dry = [standing('a', true)];
  expect(plan({ firing: firing.slice(0, 1), standing: dry }, { mode: 'dry_run' })).toEqual([[], [], []]);
  expect(plan({ firing: firing.slice(0, 1), standing: dry })).toEqual([[1], [], ['a']]);
});

it('what is signed in one round is bounded, in a dry run too; traffic is let through at once all the same', () => {
  const names = Array.from({ length: 250 }, (_, at) => `d${at}`);
  const firing = names.map((name, at) => fires(name, at));
  const [first] = plan({ firing }, { mode: 'dry_run' });
  expect(first).toEqual(Array.from({ length: MOST_IN_A_ROUND }, (_, at) => at));
  const done = names.slice(0, 200).map((name) => standing(name, true));
  expect(plan({ firing, standing: done }, { mode: 'dry_run' })).toEqual([
    Array.from({ length: 50 }, (_, at) => 200 + at),
    [],
    [],
  ]);
  const [, , released] = plan({ standing: [...done, ...names.map((name) => standing(`real ${name}`))] });
  expect(released).toHaveLength(names.length + MOST_IN_A_ROUND);
  // What is blocked in earnest cannot stand as a dry run beside it.
  const [blocked, , ended] = plan({ firing: firing.slice(150), standing: done });
  expect(blocked).toEqual([150, 151]);
  expect(ended).toEqual(expect.arrayContaining(['d150', 'd151']));
  const many = plan({ firing }, { mostAtOnce: 1000, mostPerHour: 1000 });
  expect([many[0]?.length, many[1]], 'what only waits for the next round is for no person').toEqual([
    MOST_IN_A_ROUND,
    [],
  ]);
});

it.each(['dry_run', 'on'] as const)(
  'looks at each of 40,000 findings a few times, where the mode is %s',
  (mode) => {
    const count = 40_000;
    let reads = 0;
    const counted = (id: number) => {
      const { finding } = fires(`d${id}`, id);
      const get = () => {
        reads += 1;
        return `d${id}`;
      };
      return {
        id,
        finding: Object.defineProperty({ ...finding }, 'deployment', { enumerable: true, get }) as Finding,
      };
    };
    const firing = Array.from({ length: count }, (_, id) => counted(id));
    const [block, held] = plan({ firing, standing: [] }, { mode });
    expect([block?.length, held?.length]).toEqual(mode === 'on' ? [2, count - 2] : [MOST_IN_A_ROUND, 0]);
    expect(reads).toBeLessThan(5 * count);
  },
);
