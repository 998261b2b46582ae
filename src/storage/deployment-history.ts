import { sql } from 'kysely';
import type { Digest, Instant, Observation } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** What a deployment served for a time, as it was first seen then. */
export interface ServedThen extends Observation {
  readonly key: string;
  readonly source: string;
  readonly validFrom: Instant;
  /** Null while it still does. */
  readonly validTo: Instant | null;
}

/**
 * Keeps what changed since this was called last: what is no longer deployed, or serves something else, ends; what is new
 * begins. Where nothing changed, nothing is written.
 * @param keys deployments that may have changed
 */
export async function keepHistory(tx: Tx, now: Instant, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const touched = [...keys];
  await sql`update deployment_history as h set valid_to = greatest(h.valid_from, ${now}::timestamptz)
    where h.valid_to is null and h.key = any(${touched}::text[]) and not exists (select 1 from deployments d
      where d.key = h.key and d.model_id = h.model_id and d.model_version = h.model_version
      and d.digest is not distinct from h.digest)`.execute(tx);
  await sql`insert into deployment_history
      (key, source, environment, model_id, model_version, digest, observation, valid_from)
    select key, source, environment, model_id, model_version, digest, observation, ${now}::timestamptz
    from deployments d where d.key = any(${touched}::text[]) and not exists
      (select 1 from deployment_history h where h.valid_to is null and h.key = d.key)
    on conflict do nothing`.execute(tx);
}

/** What was deployed of a model at a time, in the order of the keys. */
export async function servedAt(
  db: Db,
  { modelId, modelVersion, at }: { modelId: string; modelVersion?: string; at: Instant },
): Promise<ServedThen[]> {
  let query = db
    .selectFrom('deployment_history')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('valid_from', '<=', at)
    .where((where) => where.or([where('valid_to', 'is', null), where('valid_to', '>', at)]))
    .orderBy('key');
  if (modelVersion !== undefined) query = query.where('model_version', '=', modelVersion);
  return (await query.execute()).map((row) => ({
    ...(row.observation as Observation),
    digest: row.digest as Digest | null,
    key: row.key,
    source: row.source,
    validFrom: row.valid_from,
    validTo: row.valid_to,
  }));
}

/** Since when it is known what is deployed; null before the first look. */
export async function historySince(db: Db): Promise<Instant | null> {
  const row = await db
    .selectFrom('deployment_history')
    .select(({ fn }) => fn.min('valid_from').as('since'))
    .executeTakeFirst();
  return row?.since ?? null;
}
