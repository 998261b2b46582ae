/** Returns what wakes `work`: it runs one at a time, and once more when woken meanwhile; a failure is told to `complain`. */
export function createWaker(work: () => Promise<void>, complain: (error: unknown) => void): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await work().catch(complain);
    } while (again);
    running = false;
  };
  return () => {
    again = true;
    if (!running) void run();
  };
}
