import { setTimeout as pause } from 'node:timers/promises';

/**
 * Does work again and again, that long after it was done last, until it is disposed of; that waits for what is under way.
 * @param every milliseconds
 * @param work never rejects
 */
export function repeat(every: number, work: () => Promise<void>): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const lasts = () => pause(every, true, { signal, ref: false }).catch(() => false);
  const repeating = (async () => {
    while (await lasts()) await work();
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await repeating;
    },
  };
}
