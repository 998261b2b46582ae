import { SECOND } from '../lib/index.ts';

/** A step of the story that did not hold. */
export class StoryError extends Error {
  override readonly name = 'StoryError';
}

/** Ends the story when a step did not hold. */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new StoryError(`expected ${what}`);
}

const LOOK_EVERY = SECOND / 10;

/** Looks until something is there, for a time; for what announces itself there is something better to wait for. */
export async function eventually<T>(
  look: () => Promise<T | null>,
  what: string,
  limit = 20 * SECOND,
): Promise<T> {
  for (let waited = 0; waited <= limit; waited += LOOK_EVERY) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  throw new StoryError(`expected ${what} within ${limit / SECOND} seconds`);
}
