import { changeOf, type Finding, type FindingStep, type Instant } from '../domain/index.ts';
import { canonicalJson } from '../lib/index.ts';
import {
  type FindingRow,
  fireFinding,
  firingFindings,
  insertFindingEvent,
  refreshFinding,
  resolveFinding,
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
}

/**
 * Opens what is new, rewrites what now reads otherwise, and resolves what was looked at and is no longer so. Each change
 * is noted and told once; a tick that changes nothing tells nothing.
 * @param unseen keys of deployments that could not be looked at: nothing about them ends, for a finding is resolved by a
 *   positive look only
 */
export async function settleFindings(
  tx: Tx,
  now: Instant,
  current: readonly Finding[],
  unseen: ReadonlySet<string>,
): Promise<Settlement> {
  const firing = new Map((await firingFindings(tx)).map((row) => [row.finding.key, row]));
  const fired: number[] = [];
  const refreshed: number[] = [];
  for (const finding of current) {
    const row = firing.get(finding.key);
    if (row === undefined) fired.push(...(await fire(tx, finding, now)));
    else if (readsOtherwise(row, finding)) {
      await refresh(tx, row, finding, now);
      refreshed.push(row.id);
    }
  }
  const ended = endedOf([...firing.values()], current, unseen);
  for (const id of ended) await resolve(tx, id, now);
  await queueNews(tx, { fired, changed: [...refreshed, ...ended] }, now);
  return { fired: fired.length, resolved: ended.length };
}

async function fire(tx: Tx, finding: Finding, now: Instant): Promise<number[]> {
  const id = await fireFinding(tx, finding, now);
  if (id === null) return [];
  await note(tx, id, { kind: 'fired' }, now);
  await queueExpiryNews(tx, id, finding, now);
  return [id];
}

/** What reads otherwise is no longer one of many: it gets a message of its own. */
async function refresh(
  tx: Tx,
  { id, finding: before }: FindingRow,
  after: Finding,
  now: Instant,
): Promise<void> {
  await refreshFinding(tx, id, after);
  const step = changeOf(before, after);
  if (step === null) return;
  await note(tx, id, step, now);
  await queueExpiryNews(tx, id, after, now);
  await tellApart(tx, [id]);
}

async function resolve(tx: Tx, id: number, now: Instant): Promise<void> {
  await resolveFinding(tx, id, now);
  await note(tx, id, { kind: 'resolved' }, now);
}

async function note(tx: Tx, finding: number, step: FindingStep, at: Instant): Promise<void> {
  await insertFindingEvent(tx, { finding, step, at });
}

function readsOtherwise(row: FindingRow, finding: Finding): boolean {
  return canonicalJson(row.finding) !== canonicalJson(finding);
}

function endedOf(
  firing: readonly FindingRow[],
  current: readonly Finding[],
  unseen: ReadonlySet<string>,
): number[] {
  const keys = new Set(current.map(({ key }) => key));
  return firing
    .filter(({ finding: { key, deployment } }) => !keys.has(key) && !unseen.has(deployment))
    .map(({ id }) => id);
}
