import { untoldFindings } from '../storage/index.ts';
import type { AlertContext } from './context.ts';
import { queueNews } from './queue-news.ts';

/**
 * Queues a delivery of each firing finding that was never posted and is not about to be: what could only be logged is
 * told once there is a channel. Does nothing while there is none. Returns how many findings that are.
 */
export async function queueUntoldFindings({ db, clock, alertChannel }: AlertContext): Promise<number> {
  if (alertChannel === null) return 0;
  const untold = (await untoldFindings(db)).map(({ id }) => id);
  if (untold.length === 0) return 0;
  await db.transaction().execute((tx) => queueNews(tx, { fired: untold, changed: [] }, clock.now()));
  return untold.length;
}
