import type { Instant } from '../domain/index.ts';
import { addToOutbox, openApprovalRequests, type Tx } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** Asks the bot to post an approval request's card, or to bring every copy of it up to date. */
export async function queueCardUpdate(tx: Tx, requestId: string, now: Instant): Promise<void> {
  await addToOutbox(tx, { queue: 'slack', name: 'show-approval-card', payload: { requestId } }, now);
}

/** The same for all open requests: who can decide has changed. */
export async function queueOpenCards(tx: Tx, now: Instant): Promise<void> {
  for (const { id } of await openApprovalRequests(tx, now)) await queueCardUpdate(tx, id, now);
}

/** Has every copy of an approval request's card brought up to date. */
export async function refreshCards({ db, clock }: BaseContext, requestId: string): Promise<void> {
  await db.transaction().execute((tx) => queueCardUpdate(tx, requestId, clock.now()));
}
