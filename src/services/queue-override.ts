import { z } from 'zod';
import type { Instant, PersonId } from '../domain/index.ts';
import { addToOutbox, type OverrideRow, type Tx } from '../storage/index.ts';

/** What a person is told of an override: that they were passed over, or that its documentation is owed. */
export const OverrideNews = z.enum(['skipped', 'reminder', 'overdue']);
export type OverrideNews = z.infer<typeof OverrideNews>;

/** Asks the bot to post an override's card, or to bring it up to date. */
export async function queueOverrideCard(tx: Tx, overrideId: string, now: Instant): Promise<void> {
  await addToOutbox(tx, { queue: 'slack', name: 'show-override-card', payload: { overrideId } }, now);
}

/** Asks the bot to tell people, each directly and once. */
export async function queueOverrideNews(
  tx: Tx,
  { id }: Pick<OverrideRow, 'id'>,
  news: OverrideNews,
  persons: readonly PersonId[],
  now: Instant,
): Promise<void> {
  for (const person of new Set(persons)) {
    const payload = { overrideId: id, news, person };
    await addToOutbox(tx, { queue: 'slack', name: 'tell-override', payload }, now);
  }
}
