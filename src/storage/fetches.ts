import { type Selectable, sql } from 'kysely';
import type { Artifact, Digest, Instant } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';
import type { FetchesTable, FetchFailure, FetchState } from './fetch-tables.ts';

/** An artifact that is fetched by URI. */
export interface Fetch {
  readonly id: string;
  readonly uri: string;
  readonly announced: Digest | null;
  readonly askedBy: string;
  readonly state: FetchState;
  /** How many have come. */
  readonly bytes: number;
  readonly total: number | null;
  /** Null until it was fetched. */
  readonly artifact: Artifact | null;
  readonly failure: FetchFailure | null;
  readonly askedAt: Instant;
  /** What proves that it was the fetcher who said what came of it; null until it has. */
  readonly seal: string | null;
}

/** Stores that an artifact is wanted, or returns the fetch that is under way for the same account. */
export async function insertFetch(
  tx: Tx,
  wish: Pick<Fetch, 'id' | 'uri' | 'announced' | 'askedBy' | 'askedAt'>,
): Promise<{ fetch: Fetch; created: boolean }> {
  const { id, uri, announced, askedBy, askedAt } = wish;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`fetch ${askedBy} ${uri}`}, 0))`.execute(tx);
  const standing = await tx
    .selectFrom('fetches')
    .selectAll()
    .where('asked_by', '=', askedBy)
    .where('uri', '=', uri)
    .where(sql<boolean>`announced is not distinct from ${announced}`)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  if (standing !== undefined) return { fetch: fromRow(standing), created: false };
  const row = await tx
    .insertInto('fetches')
    .values({ id, uri, announced, asked_by: askedBy, asked_at: askedAt, state: 'queued', bytes: 0 })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { fetch: fromRow(row), created: true };
}

/** A fetch by its id; null when there is none. */
export async function findFetch(db: Db, id: string): Promise<Fetch | null> {
  const row = await db.selectFrom('fetches').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** What may change of a fetch that has not ended. */
export type FetchChange = Partial<
  Pick<Fetch, 'state' | 'bytes' | 'total' | 'artifact' | 'failure' | 'seal'>
> & {
  readonly finishedAt?: Instant;
};

/** Changes what is given of a fetch; one that has ended stays as it is. */
export async function updateFetch(db: Db, id: string, change: FetchChange): Promise<void> {
  const { state, bytes, total, artifact, failure, seal, finishedAt } = change;
  const columns = {
    state,
    bytes,
    total,
    artifact: artifact === undefined ? undefined : JSON.stringify(artifact),
    failure: failure === undefined ? undefined : JSON.stringify(failure),
    seal,
    finished_at: finishedAt,
  };
  const set = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  await db.updateTable('fetches').set(set).where('id', '=', id).where('finished_at', 'is', null).execute();
}

/** Removes what ended before a time. A run keeps what it needs of its fetch itself. */
export async function forgetFetches(db: Db, before: Instant): Promise<void> {
  await db.deleteFrom('fetches').where('finished_at', '<', before).execute();
}

function fromRow(row: Selectable<FetchesTable>): Fetch {
  return {
    id: row.id,
    uri: row.uri,
    announced: row.announced as Digest | null,
    askedBy: row.asked_by,
    state: row.state,
    bytes: Number(row.bytes),
    total: row.total === null ? null : Number(row.total),
    artifact: row.artifact,
    failure: row.failure,
    askedAt: row.asked_at,
    seal: row.seal,
  };
}
