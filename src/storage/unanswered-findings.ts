import { sql } from 'kysely';
import type { Instant, RankedLevel } from '../domain/index.ts';
import type { Db } from './database.ts';

/**
 * Ids of what fires, is neither acknowledged nor muted, and has a level due that was not taken since nobody answered, the
 * oldest first. Chosen here, as `dueLevels` would, so that what is answered or escalated to the end is never read.
 */
export async function unansweredFindings(
  db: Db,
  levels: readonly Pick<RankedLevel, 'severity' | 'after' | 'level'>[],
  now: Instant,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select findings.id from findings
    cross join lateral (
      select
        coalesce(max(id) filter (where kind = 'acknowledged'), 0) as acknowledged,
        coalesce(max(id) filter (where kind = 'muted'), 0) as muted,
        coalesce(max(id) filter (where worse), 0) as worse,
        coalesce(max(id) filter (where worse or kind in ('unmuted', 'mute_ended')), 0) as anew
      from (select id, kind, kind = 'changed' and (detail ->> 'worse')::boolean as worse
        from finding_events where finding = findings.id) as event) as newest
    left join finding_events as anew on anew.id = newest.anew
    left join finding_events as mute on mute.id = newest.muted
    where findings.state = 'firing' and newest.acknowledged <= newest.worse
      and (newest.muted <= newest.anew or (mute.detail ->> 'until')::timestamptz <= ${now}::timestamptz)
      and exists (
        select 1 from jsonb_to_recordset(${JSON.stringify(levels)}::jsonb) as due (severity text, level int, after float8)
        where due.severity = findings.severity
          and coalesce(anew.at, findings.fired_at) + due.after * interval '1 millisecond' <= ${now}::timestamptz
          and not exists (
            select 1 from finding_events as taken
            where taken.finding = findings.id and taken.kind = 'escalated'
              and (taken.detail ->> 'level')::int >= due.level
              and taken.at >= coalesce(anew.at, findings.fired_at)))
    order by findings.id`.execute(db);
  return rows.map(({ id }) => id);
}
