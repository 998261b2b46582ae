import { setTimeout as pause } from 'node:timers/promises';

/**
 * Does work for all who ask while it is being done for others in one go, as soon as that is over: what each gets was found
 * after it asked, however many ask. The answers of `work` are in the order of what was asked; where it fails, it fails for
 * all of them.
 * @param rest after work that took long it is not done again at once, but after as long a time: at most so many milliseconds
 */
export function together<Asked, Found>(
  work: (asked: readonly Asked[]) => Promise<readonly Found[]>,
  rest = 0,
): (asked: Asked) => Promise<Found> {
  const waiting: { readonly asked: Asked; readonly answer: PromiseWithResolvers<Found> }[] = [];
  let running = false;
  const run = async () => {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0);
      const beganAt = performance.now();
      try {
        const found = await work(batch.map(({ asked }) => asked));
        // One answer for each question, as `work` promises.
        for (const [at, { answer }] of batch.entries()) answer.resolve(found[at] as Found);
      } catch (error) {
        for (const { answer } of batch) answer.reject(error);
      }
      if (rest > 0) await pause(Math.min(rest, performance.now() - beganAt));
    }
    running = false;
  };
  return (asked) => {
    const answer = Promise.withResolvers<Found>();
    waiting.push({ asked, answer });
    if (!running) void run();
    return answer.promise;
  };
}
