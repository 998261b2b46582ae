import { isKeptOpen } from '../domain/index.ts';
import { firingOfKinds, insertFindingEvent } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { queueRunAgain } from './handle-finding.ts';
import { queueDelivery } from './queue-news.ts';

/**
 * Has the pipeline run again on what is deployed and about to end without having been renewed: once for each end,
 * whatever became of it. Returns how many were asked for.
 */
export async function askDueRuns({ db, clock }: Pick<BaseContext, 'db' | 'clock'>): Promise<number> {
  const ending = (await firingOfKinds(db, ['approval_expiring'])).filter(
    ({ finding }) => !isKeptOpen(finding),
  );
  const due = ending.flatMap(({ id, finding: { expiry } }) =>
    expiry !== undefined && expiry.runsAt !== null && expiry.runsAt <= clock.now() ? [{ id, expiry }] : [],
  );
  let asked = 0;
  for (const { id, expiry } of due)
    asked += await db.transaction().execute(async (tx) => {
      const at = clock.now();
      // Of several deployments of the same, one has it run.
      const source = `end of ${expiry.runId} at ${expiry.until}`;
      const event = await insertFindingEvent(tx, { finding: id, step: { kind: 'run_asked' }, at, source });
      if (event === null) return 0;
      await queueRunAgain(tx, id, event, at);
      await queueDelivery(tx, id, at);
      return 1;
    });
  return asked;
}
