import { changeOf, type Finding, type Instant } from '../domain/index.ts';
import { canonicalJson } from '../lib/index.ts';
import {
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
  /** Whether any is otherwise than it was. */
  readonly changed: boolean;
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
}

/**
 * Opens what is new, rewrites what now reads otherwise, and resolves what was looked at and is no longer so: of each kind
 * of change all at once. Each change is noted and told once; a tick that changes nothing tells nothing.
 */
export async function settleFindings(tx: Tx, now: Instant, survey: Survey): Promise<Settlement> {
  const { findings, about } = survey;
  const rows = await firingFindings(tx, about ?? undefined);
  const firing = new Map(rows.map((row) => [row.finding.key, row]));
  const fired = await fire(
    tx,
    findings.filter(({ key }) => !firing.has(key)),
    now,
  );
  const refreshed = await refresh(tx, findings.flatMap(changeAmong(firing)), now);
  const ended = endedOf(rows, survey);
  await resolveFindings(tx, ended, now);
  await note(tx, ended, now, 'resolved');
  await queueNews(tx, { fired, changed: [...refreshed, ...ended] }, now);
  const changed = fired.length + refreshed.length + ended.length > 0;
  return { fired: fired.length, resolved: ended.length, changed };
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

function changeAmong(firing: ReadonlyMap<string, FindingRow>): (finding: Finding) => Change[] {
  return (finding) => {
    const row = firing.get(finding.key);
    if (row === undefined || canonicalJson(row.finding) === canonicalJson(finding)) return [];
    return [{ id: row.id, before: row.finding, finding }];
  };
}

/** What reads otherwise is no longer one of many: it gets a message of its own. */
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
  return changes.map(({ id }) => id);
}

function endedOf(firing: readonly FindingRow[], { findings, unseen }: Survey): number[] {
  const keys = new Set(findings.map(({ key }) => key));
  return firing
    .filter(({ finding: { key, deployment } }) => !keys.has(key) && !unseen.has(deployment))
    .map(({ id }) => id);
}
