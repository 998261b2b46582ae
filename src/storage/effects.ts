import type { Tx } from './database.ts';

/** Names and words of what came of an action; never what people wrote, which must be erasable. */
export type Effect = Readonly<Record<string, unknown>>;

/**
 * Claims an action for this transaction: whoever else would do it waits until the transaction is over. Returns what came
 * of the action before; null when nothing has, and it is this transaction's to do.
 */
export async function claimEffect(tx: Tx, source: string): Promise<Effect | null> {
  await tx
    .insertInto('effects')
    .values({ source, result: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await tx
    .selectFrom('effects')
    .select('result')
    .where('source', '=', source)
    .executeTakeFirstOrThrow();
  return row.result;
}

/** Keeps what came of an action that this transaction has claimed. */
export async function keepEffect(tx: Tx, source: string, result: Effect): Promise<void> {
  await tx
    .updateTable('effects')
    .set({ result: JSON.stringify(result) })
    .where('source', '=', source)
    .execute();
}
