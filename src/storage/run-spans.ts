import { sql } from 'kysely';
import type { Instant } from '../domain/index.ts';
import type { Db } from './database.ts';

/** Between which times a run was under way. */
export interface RunSpan {
  readonly submittedAt: Instant;
  /** Null while it still is. */
  readonly finishedAt: Instant | null;
}

/** When some runs were under way, by id; those that nobody submitted are not there. */
export async function runSpans(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, RunSpan>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('runs')
    .select(['id', 'submitted_at as submittedAt', 'finished_at as finishedAt'])
    .where(sql<boolean>`id = any(${[...new Set(ids)]}::text[])`)
    .execute();
  return new Map(rows.map(({ id, ...span }) => [id, span]));
}
