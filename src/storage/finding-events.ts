import { sql } from 'kysely';
import { type FindingEvent, FindingStep, type Instant, type PersonId } from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** A step of a finding to be noted. */
export interface NewFindingEvent {
  readonly finding: number;
  readonly step: FindingStep;
  readonly at: Instant;
  readonly person?: PersonId;
  /** Names the cause: the same cause is one event. */
  readonly source?: string;
}

/** Notes a step; null when the same cause was noted before. */
export async function insertFindingEvent(tx: Tx, event: NewFindingEvent): Promise<number | null> {
  const { finding, step, at, person = null, source = null } = event;
  const row = await tx
    .insertInto('finding_events')
    .values({ finding, kind: step.kind, detail: JSON.stringify(step), person, at, source })
    .onConflict((oc) => oc.column('source').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Notes steps of many findings at once, those of one finding in their order; what the same cause led to before is left out. */
export async function insertFindingEvents(
  tx: Tx,
  events: readonly Pick<NewFindingEvent, 'finding' | 'step' | 'source'>[],
  at: Instant,
): Promise<void> {
  if (events.length === 0) return;
  await sql`insert into finding_events (finding, kind, detail, at, source)
    select finding, step ->> 'kind', step, ${at}::timestamptz, source
    from rows from (jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as (finding bigint, step jsonb, source text))
      with ordinality as event (finding, step, source, place)
    order by finding, place
    on conflict (source) do nothing`.execute(tx);
}

/**
 * Notes steps of findings, each under the name of its cause and once; gives the findings of those that were not noted before.
 * Of the others nothing is written.
 */
export async function insertNewFindingEvents(
  tx: Tx,
  events: readonly (Pick<NewFindingEvent, 'finding' | 'step'> & { readonly source: string })[],
  at: Instant,
): Promise<number[]> {
  if (events.length === 0) return [];
  const { rows } = await sql<{
    finding: number;
  }>`insert into finding_events (finding, kind, detail, at, source)
    select finding, step ->> 'kind', step, ${at}::timestamptz, source
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as event (finding bigint, step jsonb, source text)
    where not exists (select from finding_events known where known.source = event.source)
    order by finding on conflict (source) do nothing returning finding`.execute(tx);
  return rows.map(({ finding }) => finding);
}

/** What happened to findings, by finding, oldest first. */
export async function findingEvents(
  db: Db,
  findings: readonly number[],
): Promise<ReadonlyMap<number, FindingEvent[]>> {
  if (findings.length === 0) return new Map();
  const rows = await db
    .selectFrom('finding_events')
    .selectAll()
    .where(sql<boolean>`finding = any(${[...findings]}::bigint[])`)
    .orderBy('id')
    .execute();
  const byFinding = Map.groupBy(rows, ({ finding }) => finding);
  return new Map([...byFinding].map(([finding, events]) => [finding, events.flatMap(toEvent)]));
}

/** Those of these findings whose traffic somebody once let be blocked beyond the limits. */
export async function findingsAllowed(db: Db, findings: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ finding: number }>`select distinct finding from finding_events
    where kind = 'block_allowed' and finding = any(${[...findings]}::bigint[])`.execute(db);
  return rows.map(({ finding }) => finding);
}

/** The event that a cause led to; null when it led to none yet. */
export async function findingEventBySource(
  db: Db,
  source: string,
): Promise<(FindingEvent & { readonly finding: number }) | null> {
  const row = await db
    .selectFrom('finding_events')
    .selectAll()
    .where('source', '=', source)
    .executeTakeFirst();
  const [event] = row === undefined ? [] : toEvent(row);
  return row === undefined || event === undefined ? null : { ...event, finding: row.finding };
}

/** Several roles add them. One that cannot be read is nobody's word for anything: its finding is as loud as without it. */
function toEvent(row: {
  id: number;
  kind: string;
  detail: unknown;
  at: Instant;
  person: string | null;
}): FindingEvent[] {
  const { success, data } = FindingStep.safeParse(row.detail);
  return success && data.kind === row.kind ? [{ ...data, id: row.id, at: row.at, person: row.person }] : [];
}

/** Mutes whose time is over at an instant, of findings that still fire, and that nothing ended before. */
export async function endedMutes(
  db: Db,
  now: Instant,
): Promise<readonly { readonly event: number; readonly finding: number }[]> {
  const { rows } = await sql<{ event: number; finding: number }>`
    select muted.id as event, muted.finding from finding_events as muted
    join findings on findings.id = muted.finding and findings.state = 'firing'
    where muted.kind = 'muted' and (muted.detail ->> 'until')::timestamptz <= ${now}::timestamptz
      and not exists (select 1 from finding_events as later
        where later.finding = muted.finding and later.id > muted.id
          and (later.kind in ('muted', 'unmuted', 'mute_ended')
            or (later.kind = 'changed' and (later.detail ->> 'worse')::boolean)))
    order by muted.id`.execute(db);
  return rows;
}
