import type { Clock } from '../domain/index.ts';

/** The machine's clock: the only one that is read. */
export const systemClock: Clock = { now: () => new Date().toISOString() };
