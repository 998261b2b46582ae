import { z } from 'zod';
import { CountersignError, type Instant } from '../domain/index.ts';
import {
  addToOutbox,
  type DelegationRow,
  endOverDelegations,
  findDelegation,
  type Tx,
} from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { queueOpenCards } from './queue-card.ts';

/** What both sides are told of a delegation. */
export const DelegationNews = z.enum(['started', 'ended']);
export type DelegationNews = z.infer<typeof DelegationNews>;

/** Asks the bot to tell who delegated, and who decides in their place; each directly and once. */
export async function queueDelegationNews(
  tx: Tx,
  { id, delegator, delegate }: Pick<DelegationRow, 'id' | 'delegator' | 'delegate'>,
  news: DelegationNews,
  now: Instant,
): Promise<void> {
  for (const person of [delegator, delegate]) {
    const payload = { delegation: id, news, person };
    await addToOutbox(tx, { queue: 'slack', name: 'tell-delegation', payload }, now);
  }
}

/** Asks the bot to tell somebody what was decided in their place. */
export async function queueDecidedInPlace(tx: Tx, decision: string, now: Instant): Promise<void> {
  await addToOutbox(tx, { queue: 'slack', name: 'tell-delegator', payload: { decision } }, now);
}

/**
 * Notices that delegations are over by their own time: both sides are told, and cards say who can decide now. It follows
 * from stored times, and each is noticed once, by whatever process. Returns how many they were.
 */
export function noticeOverDelegations({ db, clock }: Pick<BaseContext, 'db' | 'clock'>): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const now = clock.now();
    const over = await endOverDelegations(tx, now);
    for (const delegation of over) await queueDelegationNews(tx, delegation, 'ended', now);
    if (over.length > 0) await queueOpenCards(tx, now);
    return over.length;
  });
}

/** What became of a delegation. @throws CountersignError `not_found` */
export async function delegationNow({ db }: Pick<BaseContext, 'db'>, id: string) {
  const found = await findDelegation(db, id);
  if (found === null) throw new CountersignError('not_found', `there is no delegation ${id}`);
  return found;
}
