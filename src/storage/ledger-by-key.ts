import { sql } from 'kysely';
import type { Digest, Instant, KeyId, StatementId } from '../domain/index.ts';
import type { Db } from './database.ts';

/** A statement of the ledger, without its bundle. */
export interface SignedBy {
  readonly id: StatementId;
  readonly index: number;
  readonly kind: string;
  readonly subject: Digest;
  readonly recordedAt: Instant;
}

/** Every statement whose first signature is by a key, in the ledger's order. */
export async function statementsBy(db: Db, keyId: KeyId): Promise<SignedBy[]> {
  const rows = await db
    .selectFrom('ledger')
    .select(['id', 'index', 'kind', 'subject', 'recorded_at'])
    .where('key_id', '=', keyId)
    .orderBy('index')
    .execute();
  return rows.map((row) => ({
    id: row.id as StatementId,
    index: row.index,
    kind: row.kind,
    subject: row.subject as Digest,
    recordedAt: row.recorded_at,
  }));
}

/** How many statements the ledger held before an instant: those before the first that was recorded then or later. */
export async function ledgerSizeAt(db: Db, at: Instant): Promise<number> {
  const { size } = await db
    .selectFrom('ledger')
    .select(
      sql<number>`coalesce(min(index) filter (where recorded_at >= ${at}), max(index) + 1, 0)`.as('size'),
    )
    .executeTakeFirstOrThrow();
  return size;
}
