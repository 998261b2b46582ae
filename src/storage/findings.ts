import { sql } from 'kysely';
import type {
  Alert,
  Digest,
  Finding,
  FindingKind,
  Instant,
  MetricsSnapshot,
  ModelName,
} from '../domain/index.ts';
import type { Db, Tx } from './database.ts';

/** A finding with its life so far; the id names this one occurrence. */
export interface FindingRow extends Alert {
  readonly id: number;
  /** The storm in whose message alone it is told; null where it has one of its own. */
  readonly storm: number | null;
}

/** An occurrence of a finding. */
export type Occurrence = Pick<FindingRow, 'id' | 'finding'>;

/** Opens findings that do not fire already, and returns their new occurrences, in the order in which they were given. */
export async function fireFindings(tx: Tx, findings: readonly Finding[], at: Instant): Promise<Occurrence[]> {
  if (findings.length === 0) return [];
  const { rows } = await sql<Occurrence>`
    insert into findings (key, kind, severity, state, finding, fired_at)
    select finding ->> 'key', finding ->> 'kind', finding ->> 'severity', 'firing', finding, ${at}::timestamptz
      from jsonb_array_elements(${JSON.stringify(findings)}::jsonb) with ordinality as fresh (finding, place)
      order by place
    on conflict (key) where state = 'firing' do nothing
    returning id, finding`.execute(tx);
  return rows.sort((a, b) => a.id - b.id);
}

/** Replaces what firing findings say. Who is told of one that becomes critical is to be decided anew. */
export async function refreshFindings(tx: Tx, occurrences: readonly Occurrence[]): Promise<void> {
  if (occurrences.length === 0) return;
  await sql`update findings set finding = said.finding, severity = said.finding ->> 'severity',
      routed_at = case when severity <> 'critical' and said.finding ->> 'severity' = 'critical' then null else routed_at end
    from jsonb_to_recordset(${JSON.stringify(occurrences)}::jsonb) as said (id bigint, finding jsonb)
    where findings.id = said.id and state = 'firing'`.execute(tx);
}

/** Ends occurrences that are firing; one that has ended keeps its time. None ends before it began, whatever the clock says. */
export async function resolveFindings(tx: Tx, ids: readonly number[], at: Instant): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('findings')
    .set({
      state: 'resolved',
      resolved_at: sql`greatest(fired_at + interval '1 millisecond', ${at}::timestamptz)`,
    })
    .where(sql<boolean>`id = any(${[...ids]}::bigint[])`)
    .where('state', '=', 'firing')
    .execute();
}

/** Which of what fires is asked for. */
export interface FiringFilter {
  /** Keys of deployments: what is about those, and what is about no deployment. */
  readonly about: readonly string[];
  /** And what is kept open though it was away from this time on, or longer. */
  readonly quietSince: Instant;
}

/** What fires, oldest first, however much it is; all of it unless a part is asked for. */
export async function firingFindings(db: Db, part?: FiringFilter): Promise<FindingRow[]> {
  let query = db.selectFrom('findings').selectAll().where('state', '=', 'firing').orderBy('id');
  if (part !== undefined)
    query = query.where(
      sql<boolean>`(finding ->> 'deployment' = any(${[...part.about]}::text[]) or finding ->> 'deployment' like '*/%'
        or (finding ? 'flapping' and finding #>> '{flapping,quietSince}' <= ${part.quietSince}))`,
    );
  return (await query.execute()).map(findingFromRow);
}

/** What fires of some kinds, oldest first, however much it is. */
export async function firingOfKinds(db: Db, kinds: readonly FindingKind[]): Promise<FindingRow[]> {
  if (kinds.length === 0) return [];
  const rows = await db
    .selectFrom('findings')
    .selectAll()
    .where('state', '=', 'firing')
    .where('kind', 'in', kinds)
    .orderBy('id')
    .execute();
  return rows.map(findingFromRow);
}

/** How many findings fire, by kind, severity, model version and environment. */
export async function countFiring(db: Db): Promise<MetricsSnapshot['findings']> {
  const { rows } = await sql<MetricsSnapshot['findings'][number]>`
    select kind, severity, finding ->> 'modelId' as "modelId", finding ->> 'modelVersion' as "modelVersion",
      finding ->> 'environment' as environment, count(*)::int as count
    from findings where state = 'firing' group by 1, 2, 3, 4, 5 order by min(id)`.execute(db);
  return rows;
}

/** The wrong bytes that deployments serve under their names, as firing findings say, by the keys of the deployments. */
export async function wrongBytes(
  db: Db,
  deployments: readonly string[],
): Promise<ReadonlyMap<string, ModelName & { readonly observed: Digest }>> {
  if (deployments.length === 0) return new Map();
  const { rows } = await sql<ModelName & { key: string; observed: Digest }>`
    select finding ->> 'deployment' as key, finding ->> 'modelId' as "modelId",
      finding ->> 'modelVersion' as "modelVersion", finding ->> 'observed' as observed
    from findings where state = 'firing' and kind = 'hash_mismatch' and finding ->> 'observed' is not null
      and finding ->> 'deployment' = any(${[...deployments]}::text[]) order by id desc`.execute(db);
  return new Map(rows.map(({ key, ...wrong }) => [key, wrong]));
}

/** Ids of the statements about which a finding of some kinds fires. */
export async function statementsFound(
  db: Db,
  kinds: readonly Finding['kind'][],
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('findings')
    .select(sql<string | null>`finding #>> '{entry,id}'`.as('id'))
    .where('state', '=', 'firing')
    .where('kind', 'in', kinds)
    .execute();
  return new Set(rows.flatMap(({ id }) => id ?? []));
}

/** How often each of some findings ended since a time, by key; those that did not are left out. */
export async function endingsSince(
  tx: Tx,
  keys: readonly string[],
  since: Instant,
): Promise<ReadonlyMap<string, number>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{ key: string; endings: number }>`
    select key, count(*)::int as endings from findings
      where state = 'resolved' and key = any(${[...keys]}::text[]) and resolved_at > ${since}::timestamptz
      group by key`.execute(tx);
  return new Map(rows.map(({ key, endings }) => [key, endings]));
}

/** What fires, was not told yet to some of these receivers though it is routed there, and has no delivery still to be made. */
export async function untoldFindings(db: Db, receivers: readonly string[]): Promise<FindingRow[]> {
  const { rows } = await sql<Parameters<typeof findingFromRow>[0]>`
    select * from findings where state = 'firing'
      and exists (select 1 from alert_deliveries
        where finding = findings.id and told_at is null and receiver = any(${[...receivers]}::text[]))
      and not exists (select 1 from outbox where completed_at is null
        and ((name = 'deliver-finding' and payload ->> 'findingId' = findings.id::text)
          or (name = 'deliver-storm' and not apart and payload ->> 'stormId' = findings.storm::text)))
    order by id`.execute(db);
  return rows.map(findingFromRow);
}

/** The same finding, held by the transaction until it ends, so that what is done about it takes turns. */
export async function lockFinding(tx: Tx, id: number): Promise<FindingRow | null> {
  const [row = null] = await lockFindings(tx, [id]);
  return row;
}

/** The same of several findings, the oldest first. */
export async function lockFindings(tx: Tx, ids: readonly number[]): Promise<FindingRow[]> {
  const rows = await tx
    .selectFrom('findings')
    .selectAll()
    .where(sql<boolean>`id = any(${[...ids]}::bigint[])`)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return rows.map(findingFromRow);
}

/** Findings by their ids, oldest first. */
export async function findingsById(db: Db, ids: readonly number[]): Promise<FindingRow[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('findings')
    .selectAll()
    .where(sql<boolean>`id = any(${[...ids]}::bigint[])`)
    .orderBy('id')
    .execute();
  return rows.map(findingFromRow);
}

/** Findings, the newest first, 500 at most unless told otherwise; those older than one of them, where it is given. */
export async function listFindings(
  db: Db,
  filter: { state?: 'firing' | 'resolved'; modelId?: string; after?: number; limit?: number } = {},
): Promise<FindingRow[]> {
  let query = db
    .selectFrom('findings')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit ?? 500);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.modelId !== undefined) query = query.where(sql`finding ->> 'modelId'`, '=', filter.modelId);
  if (filter.after !== undefined) query = query.where('id', '<', filter.after);
  return (await query.execute()).map(findingFromRow);
}

/** One occurrence of a finding; null when there is none. */
export async function findFinding(db: Db, id: number): Promise<FindingRow | null> {
  const row = await db.selectFrom('findings').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : findingFromRow(row);
}

/** A finding as a row holds it. */
export function findingFromRow(row: {
  id: number;
  state: 'firing' | 'resolved';
  finding: Finding;
  fired_at: Instant;
  resolved_at: Instant | null;
  storm: number | null;
  apart: boolean;
}): FindingRow {
  return {
    id: row.id,
    finding: row.finding,
    state: row.state,
    firedAt: row.fired_at,
    resolvedAt: row.resolved_at,
    storm: row.apart ? null : row.storm,
  };
}
