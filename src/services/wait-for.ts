import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again, a little later each time; null when the time is over.
 *
 * @param patience milliseconds
 */
export async function waitFor<T>(ask: () => Promise<T | null>, patience: number): Promise<T | null> {
  for (let [waited, step] = [0, 20]; waited < patience; waited += step, step = Math.min(250, step * 1.5)) {
    const answer = await ask();
    if (answer !== null) return answer;
    await pause(step);
  }
  return ask();
}
