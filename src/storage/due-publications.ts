import { sql } from 'kysely';
import type { Digest, Instant, ModelName } from '../domain/index.ts';
import type { Db } from './database.ts';
import type { PublicationKey } from './publications.ts';

/** What makes a publication due. */
export interface DueWhen {
  readonly now: Instant;
  /** Digest of the trust policy: another one may judge otherwise. */
  readonly policy: Digest;
  /** At most so many. */
  readonly limit: number;
}

/**
 * Governed model versions that are not published in a place as the ledger and the trust policy are now, and whose job is
 * not under way.
 */
export async function duePublications(
  db: Db,
  place: string,
  { now, policy, limit }: DueWhen,
): Promise<ModelName[]> {
  const { rows } = await sql<{ model_id: string; model_version: string }>`
    select r.model_id, r.model_version from records r
    left join publications p
      on p.place = ${place} and p.model_id = r.model_id and p.model_version = r.model_version
    where (p.place is null or p.due_at <= ${now} or p.policy <> ${policy}
        or exists (select 1 from ledger l where l.subject = r.artifact_digest and l.index >= p.tree_size))
      and not exists (select 1 from outbox o where ${underWay('publish-evidence')}
        and o.payload ->> 'place' = ${place} and o.payload ->> 'modelId' = r.model_id
        and o.payload ->> 'modelVersion' = r.model_version)
    group by r.model_id, r.model_version order by min(r.issued_at) limit ${limit}`.execute(db);
  return rows.map(({ model_id, model_version }) => ({ modelId: model_id, modelVersion: model_version }));
}

/** Publications in these places that are to be looked at, longest overdue first, whose job is not under way. */
export async function dueInspections(
  db: Db,
  places: readonly string[],
  { now, limit }: Pick<DueWhen, 'now' | 'limit'>,
): Promise<PublicationKey[]> {
  const { rows } = await sql<{ place: string; model_id: string; model_version: string }>`
    select place, model_id, model_version from publications p
    where p.inspect_at <= ${now} and p.published_at is not null and p.place = any(${places as string[]})
      and not exists (select 1 from outbox o where ${underWay('inspect-publication')}
        and o.payload ->> 'place' = p.place and o.payload ->> 'modelId' = p.model_id
        and o.payload ->> 'modelVersion' = p.model_version)
    order by inspect_at limit ${limit}`.execute(db);
  return rows.map(({ place, model_id, model_version }) => ({
    place,
    modelId: model_id,
    modelVersion: model_version,
  }));
}

function underWay(name: string) {
  return sql`o.queue = 'publishing' and o.name = ${name} and o.completed_at is null`;
}
