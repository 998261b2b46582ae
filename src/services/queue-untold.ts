import type { Instant } from '../domain/index.ts';
import { addToOutbox, type Tx, untoldFindings } from '../storage/index.ts';
import type { AlertContext } from './context.ts';

/** Asks for a finding to be told, as it stands when that is done. */
export async function queueDelivery(tx: Tx, findingId: number, now: Instant): Promise<void> {
  const payload = { findingId: String(findingId) };
  await addToOutbox(tx, { queue: 'alerts', name: 'deliver-finding', payload }, now);
}

/**
 * Queues a delivery for each firing finding that was never posted and is not about to be: what could only be logged is
 * told once there is a channel. Does nothing while there is none. Returns how many it queued.
 */
export async function queueUntoldFindings({ db, clock, alertChannel }: AlertContext): Promise<number> {
  if (alertChannel === null) return 0;
  const untold = await untoldFindings(db);
  if (untold.length === 0) return 0;
  await db.transaction().execute(async (tx) => {
    for (const id of untold) await queueDelivery(tx, id, clock.now());
  });
  return untold.length;
}
