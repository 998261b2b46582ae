import {
  afterLook,
  changeOf,
  type Finding,
  type FindingKind,
  FLAPPING,
  type Instant,
  mayFlap,
} from '../domain/index.ts';
import { canonicalJson, later } from '../lib/index.ts';
import {
  endingsSince,
  type FindingRow,
  fireFindings,
  firingFindings,
  insertFindingEvents,
  type Occurrence,
  refreshFindings,
  resolveFindings,
  type Tx,
  tellApart,
} from '../storage/index.ts';
import { queueExpiryNews, queueNews } from './queue-news.ts';

/** What the findings of a tick changed. */
export interface Settlement {
  /** Findings that are new. */
  readonly fired: number;
  /** Findings that ended. */
  readonly resolved: number;
  /** What those are about that are otherwise than they were: keys of deployments, and others. */
  readonly touched: ReadonlySet<string>;
}

/** What a tick looked at, and found. */
export interface Survey {
  /** All that is wrong with what was looked at. */
  readonly findings: readonly Finding[];
  /** Keys of the deployments that were looked at, besides what is no deployment; null for all that there are. */
  readonly about: readonly string[] | null;
  /**
   * Keys of those among them that could not be looked at: nothing about them ends, for a finding is resolved by a
   * positive look only.
   */
  readonly unseen: ReadonlySet<string>;
  /** Kinds of finding that could not be looked for: none of them ends either. */
  readonly unsought: ReadonlySet<FindingKind>;
}

/**
 * Opens what is new, rewrites what now reads otherwise, and resolves what was looked at and is no longer so, unless it comes
 * and goes: of each kind of change all at once. Each change is noted and told once; a tick that changes nothing tells nothing.
 */
export async function settleFindings(tx: Tx, now: Instant, survey: Survey): Promise<Settlement> {
  const { findings, about } = survey;
  const quietSince = later(now, -FLAPPING.quiet);
  const rows = await firingFindings(tx, about === null ? undefined : { about, quietSince });
  const firing = new Set(rows.map(({ finding }) => finding.key));
  const fresh = findings.filter(({ key }) => !firing.has(key));
  const fired = await fire(tx, fresh, now);
  const outcomes = await outcomesOf(tx, rows, survey, now);
  const changes = outcomes.flatMap(changeOfRow);
  const refreshed = await refresh(tx, changes, now);
  const over = outcomes.flatMap(({ row, after }) => (after === null ? [row] : []));
  const ended = over.map(({ id }) => id);
  await resolveFindings(tx, ended, now);
  await note(tx, ended, now, 'resolved');
  await queueNews(tx, { fired, changed: [...refreshed, ...ended] }, now);
  const otherwise = [...fresh, ...[...changes, ...over].map(({ finding }) => finding)];
  const touched = new Set(otherwise.map(({ deployment }) => deployment));
  return { fired: fired.length, resolved: ended.length, touched };
}

async function fire(tx: Tx, findings: readonly Finding[], now: Instant): Promise<number[]> {
  const opened = await fireFindings(tx, findings, now);
  const ids = opened.map(({ id }) => id);
  await note(tx, ids, now, 'fired');
  await queueExpiryNews(tx, opened, now);
  return ids;
}

async function note(tx: Tx, ids: readonly number[], now: Instant, kind: 'fired' | 'resolved'): Promise<void> {
  const events = ids.map((finding) => ({ finding, step: { kind } }));
  await insertFindingEvents(tx, events, now);
}

/** A firing finding that now reads otherwise. */
interface Change extends Occurrence {
  readonly before: Finding;
}

/** A finding that fired, and what it is now; null where it ended. */
interface Outcome {
  readonly row: FindingRow;
  readonly after: Finding | null;
}

async function outcomesOf(
  tx: Tx,
  rows: readonly FindingRow[],
  { findings, unseen, unsought }: Survey,
  now: Instant,
): Promise<Outcome[]> {
  const found = new Map(findings.map((finding) => [finding.key, finding]));
  const leaving = rows.filter(({ finding }) => !found.has(finding.key) && mayFlap(finding));
  const keys = leaving.map(({ finding }) => finding.key);
  const endings = await endingsSince(tx, keys, later(now, -FLAPPING.window));
  return rows.map((row) => {
    const { key, kind, deployment } = row.finding;
    const seen = { seen: found.get(key) ?? null, isLooked: !unseen.has(deployment) && !unsought.has(kind) };
    return { row, after: afterLook(row.finding, { ...seen, endings: endings.get(key) ?? 0, now }) };
  });
}

function changeOfRow({ row: { id, finding: before }, after }: Outcome): Change[] {
  if (after === null || canonicalJson(before) === canonicalJson(after)) return [];
  return [{ id, before, finding: after }];
}

/**
 * What reads otherwise is no longer one of many: it gets a message of its own. Returns what is to be told: of what comes and
 * goes nothing but that it does, and that it gets worse.
 */
async function refresh(tx: Tx, changes: readonly Change[], now: Instant): Promise<number[]> {
  await refreshFindings(
    tx,
    changes.map(({ id, finding }) => ({ id, finding })),
  );
  const told = changes.flatMap(({ id, before, finding }) => {
    const step = changeOf(before, finding);
    return step === null ? [] : [{ id, finding, step }];
  });
  const events = told.map(({ id, step }) => ({ finding: id, step }));
  await insertFindingEvents(tx, events, now);
  await queueExpiryNews(tx, told, now);
  await tellApart(
    tx,
    told.map(({ id }) => id),
  );
  const noted = new Set(told.map(({ id }) => id));
  return changes.flatMap(({ id, finding }) => (finding.flapping === undefined || noted.has(id) ? [id] : []));
}
