import { sql } from 'kysely';
import type { Instant, StatementId } from '../domain/index.ts';
import type { Db } from './database.ts';
import { LEDGER_TABLES } from './ledger-catalogue/index.ts';

/** How many rows of the ledger go into one digest. */
export const ROWS_A_DIGEST = 256;

/** What the database says of some consecutive rows of the ledger. */
export interface RowSpan {
  /** SHA-256, as lower-case hex, over every column of them. */
  readonly digest: string;
  /** The transaction that wrote each row as it stands (`xmin`): never another, where rows are appended only. */
  readonly writers: readonly string[];
}

/**
 * What is to be known of each 256 rows of the ledger, from a multiple of 256 on: the database makes the digests itself, so
 * that many rows are compared in little time. The last may be of fewer rows.
 */
export async function digestsOfRows(db: Db, from: number, to: number): Promise<RowSpan[]> {
  const { rows } = await sql<{ digest: string; writers: string }>`
    select encode(sha256(convert_to(string_agg(line, E'\n' order by index), 'UTF8')), 'hex') as digest,
      string_agg(writer, ',' order by index) as writers
    from (
      select index, xmin::text as writer, json_build_array(index, id, kind, subject, key_id,
        extract(epoch from recorded_at)::text, encode(sha256(convert_to(bundle, 'UTF8')), 'hex'))::text as line
      from ledger where index >= ${from} and index < ${to}
    ) as lines
    group by index / ${sql.lit(ROWS_A_DIGEST)} order by index / ${sql.lit(ROWS_A_DIGEST)}`.execute(db);
  return rows.map(({ digest, writers }) => ({ digest, writers: writers.split(',') }));
}

/**
 * Names the tables that verdicts are made of: `<cluster>/<database>/<table>.<transaction>/…`. They are others after a restore
 * from a dump, which writes every row anew, and the same after VACUUM FULL, which writes none. The transaction is the one
 * that last wrote the row's type: it does where a table is made, renamed, or given another owner or schema, even if that
 * is undone, and neither a grant nor any care or change of columns does. The cluster is `-` where it may not be asked for.
 */
export async function ledgerTables(db: Db): Promise<string> {
  const { rows } = await sql<{ place: string; tells: boolean }>`
    select (select oid from pg_database where datname = current_database()) || '/' || (
        select string_agg(c.oid || '.' || t.xmin, '/' order by c.relname) from pg_class c join pg_type t on t.oid = c.reltype
        where c.oid = any(${[...LEDGER_TABLES]}::text[]::regclass[])) as place,
      has_function_privilege('pg_catalog.pg_control_system()', 'execute') as tells`.execute(db);
  const [{ place, tells } = { place: '', tells: false }] = rows;
  return `${tells ? await clusterOf(db) : '-'}/${place}`;
}

async function clusterOf(db: Db): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select system_identifier::text as name from pg_control_system()`.execute(db);
  return rows[0]?.name ?? '-';
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

/** An entry that says that it was recorded when it cannot have been. */
export interface MistimedEntry {
  readonly index: number;
  readonly id: StatementId;
  readonly recordedAt: string;
}

/** The first entry from an index on that was recorded before or after some times; null where there is none. */
export async function firstMistimed(
  db: Db,
  from: number,
  { earliest, latest }: { readonly earliest: Instant | null; readonly latest: Instant },
): Promise<MistimedEntry | null> {
  const { rows } = await sql<MistimedEntry>`
    select index, id, recorded_at::text as "recordedAt" from ledger
    where index >= ${from} and not recorded_at between ${earliest ?? '-infinity'} and ${latest}
    order by index limit 1`.execute(db);
  return rows[0] ?? null;
}
