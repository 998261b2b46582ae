import { markLapsedRequests, updateRun } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { queueCardUpdate } from './queue-card.ts';

/**
 * Ends the approval requests whose time ran out, once each: the run has failed and stands no more, so that the same
 * submission starts another, and the cards are brought up to date. Returns how many they were.
 */
export async function lapseRequests({ db, clock }: BaseContext): Promise<number> {
  const now = clock.now();
  return db.transaction().execute(async (tx) => {
    const lapsed = await markLapsedRequests(tx, now);
    for (const { id, runId, expiresAt } of lapsed) {
      const failure = `too few people answered by ${expiresAt}`;
      await updateRun(tx, runId, { state: 'failed', stands: false, failure, finishedAt: now });
      await queueCardUpdate(tx, id, now);
    }
    return lapsed.length;
  });
}
