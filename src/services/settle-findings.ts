import type { Finding, Instant } from '../domain/index.ts';
import { canonicalJson } from '../lib/index.ts';
import {
  type FindingRow,
  fireFinding,
  firingFindings,
  refreshFinding,
  resolveFinding,
  type Tx,
} from '../storage/index.ts';
import { queueDelivery } from './queue-untold.ts';

/** What the findings of a tick changed. */
export interface Settlement {
  /** Findings that are new. */
  readonly fired: number;
  /** Findings that ended. */
  readonly resolved: number;
}

/** What a tick could not look at: nothing about it ends, for a finding is resolved by a positive look only. */
export interface Unseen {
  /** Names of sources that could not be read. */
  readonly sources: ReadonlySet<string>;
  /** Keys of deployments whose bytes could not be told. */
  readonly deployments: ReadonlySet<string>;
}

/**
 * Opens what is new, rewrites what now reads otherwise, and resolves what was looked at and is no longer so. Each change
 * queues one delivery; a tick that changes nothing queues none.
 */
export async function settleFindings(
  tx: Tx,
  now: Instant,
  current: readonly Finding[],
  unseen: Unseen,
): Promise<Settlement> {
  const firing = new Map((await firingFindings(tx)).map((row) => [row.finding.key, row]));
  const fired: number[] = [];
  const refreshed: number[] = [];
  for (const finding of current) {
    const row = firing.get(finding.key);
    if (row === undefined) fired.push(...(await fire(tx, finding, now)));
    else if (readsOtherwise(row, finding)) {
      await refreshFinding(tx, row.id, finding);
      refreshed.push(row.id);
    }
  }
  const ended = endedOf([...firing.values()], current, unseen);
  for (const id of ended) await resolveFinding(tx, id, now);
  for (const id of [...fired, ...refreshed, ...ended]) await queueDelivery(tx, id, now);
  return { fired: fired.length, resolved: ended.length };
}

async function fire(tx: Tx, finding: Finding, now: Instant): Promise<number[]> {
  const id = await fireFinding(tx, finding, now);
  return id === null ? [] : [id];
}

function readsOtherwise(row: FindingRow, finding: Finding): boolean {
  return canonicalJson(row.finding) !== canonicalJson(finding);
}

function endedOf(firing: readonly FindingRow[], current: readonly Finding[], unseen: Unseen): number[] {
  const keys = new Set(current.map(({ key }) => key));
  return firing
    .filter(({ finding }) => !keys.has(finding.key) && wasLookedAt(finding, unseen))
    .map(({ id }) => id);
}

function wasLookedAt(finding: Finding, { sources, deployments }: Unseen): boolean {
  return !sources.has(sourceOf(finding)) && !deployments.has(finding.deployment);
}

/** A deployment's key starts with the name of its source. */
function sourceOf({ deployment }: Finding): string {
  return deployment.split('/')[0] ?? '';
}
