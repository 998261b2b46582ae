/** Seconds of this thread's processor time that some work takes: what else the machine does is not in it. */
export function cpuSecondsOf(work: () => void): number {
  const start = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1_000_000;
}
