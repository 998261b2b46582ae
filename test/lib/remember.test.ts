import { expect, it } from 'vitest';
import { remember } from '../../src/lib/remember.ts';

it('makes a value once, however many ask', async () => {
  let made = 0;
  const value = remember(async () => ++made);
  expect(await Promise.all([value(), value()])).toEqual([1, 1]);
  expect(await value()).toBe(1);
});

it('does not remember a failure', async () => {
  let tries = 0;
  const value = remember(async () => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return 'made';
  });
  await expect(value()).rejects.toThrow('not yet');
  expect(await value()).toBe('made');
});
