import { type Finding, receiverFailing } from '../domain/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import { listReceivers } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** A receiver that is away for less is told what it missed, and nobody need know. */
const PATIENCE = 2 * MINUTE;

/** A finding about each receiver that cannot be told, for the others to be told of it. */
export async function receiverFindings({ db, clock }: BaseContext): Promise<Finding[]> {
  const since = later(clock.now(), -PATIENCE);
  const receivers = await listReceivers(db);
  return receivers
    .filter(({ goneAt, failingSince }) => goneAt !== null || (failingSince !== null && failingSince <= since))
    .map(receiverFailing);
}
