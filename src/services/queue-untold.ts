import { untoldFindings } from '../storage/index.ts';
import type { AlertContext } from './context.ts';
import { queueNews } from './queue-news.ts';

/**
 * Queues a delivery of each firing finding that was never told in a channel where it should be, and is not about to be:
 * what could only be logged is told once there is a channel. Does nothing while there is none. Returns how many findings
 * that are.
 */
export async function queueUntoldFindings({ db, clock, alerting }: AlertContext): Promise<number> {
  const names = alerting.channels.map(({ receiver }) => receiver);
  if (names.length === 0) return 0;
  const untold = (await untoldFindings(db, names)).map(({ id }) => id);
  if (untold.length === 0) return 0;
  await db.transaction().execute((tx) => queueNews(tx, { fired: untold, changed: [] }, clock.now()));
  return untold.length;
}
