import type { Instant, StatementId } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** Notes that a decision was withdrawn, beside the statement that says so. */
export async function markWithdrawn(
  tx: Tx,
  decision: StatementId,
  withdrawal: StatementId,
  at: Instant,
): Promise<void> {
  await tx
    .updateTable('approval_decisions')
    .set({ withdrawn_at: at, withdrawal })
    .where('statement', '=', decision)
    .execute();
}

/** When an answer to a request was last withdrawn; null when none was. */
export async function lastWithdrawal(db: Db, request: string): Promise<Instant | null> {
  const { at } = await db
    .selectFrom('approval_decisions')
    .select(({ fn }) => fn.max('withdrawn_at').as('at'))
    .where('request', '=', request)
    .executeTakeFirstOrThrow();
  return at;
}
