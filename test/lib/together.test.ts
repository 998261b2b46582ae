import { expect, it } from 'vitest';
import { together } from '../../src/lib/index.ts';

/** Work that ends when it is told to, and notes what it was given. */
function heldWork() {
  const batches: (readonly number[])[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const double = together<number, number>(async (asked) => {
    batches.push(asked);
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    await gate.promise;
    return asked.map((number) => 2 * number);
  });
  return { double, batches, gates };
}

it('does together what is asked for while it is busy, and gives each its own', async () => {
  const { double, batches, gates } = heldWork();
  const first = double(1);
  const others = [double(2), double(3)];
  expect(batches).toEqual([[1]]);
  gates[0]?.resolve();
  expect(await first).toBe(2);
  await expect.poll(() => batches.length).toBe(2);
  gates[1]?.resolve();
  expect(await Promise.all(others)).toEqual([4, 6]);
  expect(batches).toEqual([[1], [2, 3]]);
});

it('fails for those for whom it failed, and goes on for others', async () => {
  const { double, gates } = heldWork();
  const failing = double(1);
  const next = double(2);
  gates[0]?.reject(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  await expect.poll(() => gates.length).toBe(2);
  gates[1]?.resolve();
  expect(await next).toBe(4);
  const last = double(3);
  await expect.poll(() => gates.length).toBe(3);
  gates[2]?.resolve();
  expect(await last).toBe(6);
});

it('rests after work for as long as that took, at most as told, and answers before', async () => {
  const began: number[] = [];
  const ended: number[] = [];
  const echo = together<number, number>(async (asked) => {
    began.push(performance.now());
    await new Promise((resolve) => setTimeout(resolve, 40));
    ended.push(performance.now());
    return asked;
  }, 30);
  for (const asked of [1, 2, 3]) expect(await echo(asked)).toBe(asked);
  for (const at of [1, 2]) expect((began[at] ?? 0) - (ended[at - 1] ?? 0)).toBeGreaterThan(28);
});
