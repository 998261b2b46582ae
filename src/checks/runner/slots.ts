/** Places for work that takes much of a machine: those who find none wait, first come, first served. */
export interface Slots {
  /** Does the work as soon as there is a place for it; the place is free again when the work ends, well or badly. */
  within<T>(work: () => Promise<T>): Promise<T>;
}

/** So many places. */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const take = (): Promise<void> => {
    if (free === 0) return new Promise((resolve) => waiting.push(resolve));
    free -= 1;
    return Promise.resolve();
  };
  const release = () => {
    const next = waiting.shift();
    // The place is handed over without becoming free, so that nobody slips in between.
    if (next === undefined) free += 1;
    else next();
  };
  return {
    within: async (work) => {
      await take();
      try {
        return await work();
      } finally {
        release();
      }
    },
  };
}
