import { TOLD_ONE_BY_ONE } from '../domain/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import {
  endedMutes,
  type FindingRow,
  insertFindingEvent,
  leftOfStorms,
  tellApart,
} from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { queueDelivery, queueNews } from './queue-news.ts';

/** Makes loud again what fires when its mute is over. Returns how many findings that are. */
export async function wakeMuted({ db, clock }: BaseContext): Promise<number> {
  const now = clock.now();
  const ended = await endedMutes(db, now);
  let woken = 0;
  for (const { event, finding } of ended)
    await db.transaction().execute(async (tx) => {
      const cause = { finding, step: { kind: 'mute_ended' }, at: now, source: `mute ${event}` } as const;
      if ((await insertFindingEvent(tx, cause)) === null) return;
      await queueDelivery(tx, finding, now);
      woken += 1;
    });
  return woken;
}

/** What is left of a storm after this time is what did not come and go together. */
const SETTLED_AFTER = 2 * MINUTE;

/**
 * Gives what is left of settled storms messages of their own, once they are few enough to be read one by one. Returns
 * how many findings that are.
 */
export async function tellStormsApart({ db, clock }: BaseContext): Promise<number> {
  const now = clock.now();
  const left = await leftOfStorms(db, later(now, -SETTLED_AFTER));
  const few = [...Map.groupBy(left, ({ storm }) => storm)].filter(
    ([, rows]) => rows.length <= TOLD_ONE_BY_ONE.ofKind,
  );
  for (const [, rows] of few)
    await db.transaction().execute(async (tx) => {
      // The storm's message first, while its findings still lead to it: it links theirs at its next change.
      await queueNews(tx, { fired: [], changed: rows.map(idOf) }, now);
      await tellApart(tx, rows.map(idOf));
      for (const { id } of rows) await queueDelivery(tx, id, now);
    });
  return few.reduce((sum, [, rows]) => sum + rows.length, 0);
}

function idOf({ id }: FindingRow): number {
  return id;
}
