import type { Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import { type Said, withdrawalColumns } from './derived/columns.ts';

/** Notes that a decision was withdrawn, beside the statement that says so. */
export async function markWithdrawn(tx: Tx, said: Said<'approval-withdrawal/v1'>): Promise<void> {
  await tx
    .updateTable('approval_decisions')
    .set(withdrawalColumns(said))
    .where('statement', '=', said.body.decision)
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
