import type { Job, ModelName } from '../domain/index.ts';
import {
  addToOutbox,
  dueInspections,
  duePublications,
  type PublicationKey,
  wantPublished,
} from '../storage/index.ts';
import type { BaseContext, PublishingContext } from './context.ts';

/** Jobs of each sort that one tick queues for a place at most: the next tick queues more. */
const BATCH = 20;

/**
 * Queues the publishing of every governed model version about which the ledger says something new or whose verdict ends,
 * and the looks at what was published that are due. Only what is not under way already.
 */
export async function queuePublishing(ctx: PublishingContext): Promise<void> {
  const { db, clock, publishing } = ctx;
  const now = clock.now();
  const due = { now, limit: BATCH, policy: ctx.policyInForce() };
  const names = publishing.places.map(({ name }) => name);
  if (names.length === 0) return;
  await db.transaction().execute(async (tx) => {
    for (const place of names)
      for (const name of await duePublications(tx, place, due))
        await addToOutbox(tx, jobFor('publish-evidence', { place, ...name }), now);
    for (const key of await dueInspections(tx, names, due))
      await addToOutbox(tx, jobFor('inspect-publication', key), now);
  });
}

/** Has a model version published again everywhere at the next tick; in how many places. */
export async function publishAgain({ db }: Pick<BaseContext, 'db'>, name: ModelName): Promise<number> {
  return wantPublished(db, name);
}

function jobFor(name: string, { place, modelId, modelVersion }: PublicationKey): Job {
  return { queue: 'publishing', name, payload: { place, modelId, modelVersion } };
}
