import { sql } from 'kysely';
import type { Instant, Reliance } from '../domain/index.ts';
import type { Db } from './database.ts';

/** Model versions with a governance record whose run used a check, from a time on; the first used first. */
export async function relianceOn(
  db: Db,
  check: string,
  since: Instant | null,
  limit: number,
): Promise<Omit<Reliance, 'rightAt'>> {
  const { rows } = await sql<{ name: string; first_use: Instant; total: number }>`
    select name, first_use, count(*) over () as total from (
      select records.model_id || '@' || records.model_version as name, min(used.performed_at) as first_use
      from stage_results as used join records on records.run_id = used.run_id
      where used.checks @> ${JSON.stringify([check])}::jsonb
        and (${since}::timestamptz is null or used.performed_at >= ${since}::timestamptz)
      group by records.model_id, records.model_version) as versions
    order by first_use, name limit ${limit}`.execute(db);
  const [first] = rows;
  return {
    firstUse: first?.first_use ?? null,
    count: first?.total ?? 0,
    names: rows.map(({ name }) => name),
  };
}
