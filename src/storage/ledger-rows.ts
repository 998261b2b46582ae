import { sql } from 'kysely';
import type { StatementId } from '../domain/index.ts';
import type { Db } from './database.ts';

/** How many rows of the ledger go into one digest. */
export const ROWS_A_DIGEST = 256;

/**
 * One SHA-256, as lower-case hex, over each 256 rows of the ledger with every column of them, from a multiple of 256 on:
 * the database makes them itself, so that many rows are compared in little time. The last may be over fewer rows.
 */
export async function digestsOfRows(db: Db, from: number, to: number): Promise<string[]> {
  const { rows } = await sql<{ digest: string }>`
    select encode(sha256(convert_to(string_agg(line, E'\n' order by index), 'UTF8')), 'hex') as digest
    from (
      select index, json_build_array(index, id, kind, subject, key_id, extract(epoch from recorded_at)::text,
        encode(sha256(convert_to(bundle, 'UTF8')), 'hex'))::text as line
      from ledger where index >= ${from} and index < ${to}
    ) as lines
    group by index / ${sql.lit(ROWS_A_DIGEST)} order by index / ${sql.lit(ROWS_A_DIGEST)}`.execute(db);
  return rows.map(({ digest }) => digest);
}

/** An entry that says that it was recorded before one that stands before it. Times are as the database writes them. */
export interface BackdatedEntry {
  readonly index: number;
  readonly id: StatementId;
  readonly recordedAt: string;
  /** The latest before it. */
  readonly latest: string;
}

/** The first entry from an index on that was recorded more than a minute before one before it; null where there is none. */
export async function firstBackdated(db: Db, from: number): Promise<BackdatedEntry | null> {
  const { rows } = await sql<BackdatedEntry>`
    select index, id, recorded_at::text as "recordedAt", latest::text from (
      select index, id, recorded_at, greatest((select max(recorded_at) from ledger where index < ${from}),
        max(recorded_at) over (order by index rows between unbounded preceding and 1 preceding)) as latest
      from ledger where index >= ${from}) as entries
    where recorded_at < latest - interval '1 minute' order by index limit 1`.execute(db);
  return rows[0] ?? null;
}
