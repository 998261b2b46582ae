import { expect, it } from 'vitest';
import { createSlots } from '../../../src/checks/runner/slots.ts';

/** Work that goes on until it is told to end, and the order in which it began. */
function tasks() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const task = (name: string) => () => {
    const end = Promise.withResolvers<void>();
    begun.push(name);
    ends.set(name, end);
    return end.promise;
  };
  return { begun, task, end: (name: string) => ends.get(name) };
}

it('does so much at once and no more, first come, first served', async () => {
  const slots = createSlots(2);
  const { begun, task, end } = tasks();
  const [a, b, c] = ['a', 'b', 'c', 'd'].map((name) => slots.within(task(name)));
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b']);
  end('b')?.resolve();
  await b;
  expect(begun).toEqual(['a', 'b', 'c']);
  // A place is free again after work that failed, too.
  end('a')?.reject(new Error('broken'));
  await expect(a).rejects.toThrow('broken');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  end('c')?.resolve();
  await c;
  const e = slots.within(task('e'));
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  end('e')?.resolve();
  await e;
});
