import { type Deployment, deploymentKey, type Finding, findingsOf } from '../domain/index.ts';
import {
  type Db,
  type DeploymentRow,
  type JudgedDeployment,
  listDeployments,
  removeDeploymentsBut,
  removeDeploymentsOfOthers,
  saveDeployments,
} from '../storage/index.ts';
import { checkFindings } from './check-findings.ts';
import type { MonitorContext } from './context.ts';
import { overrideFindings } from './follow-overrides.ts';
import { evidenceFindings } from './inspect-publication.ts';
import { judgeOnce, type TickJudge } from './judge-once.ts';
import type { Lead } from './lead.ts';
import { observeSource, type Sight } from './observe-source.ts';
import { settleFindings } from './settle-findings.ts';
import { watchLedger } from './watch-ledger.ts';

/** What a tick did. */
export interface TickReport {
  /** False when another monitor holds the lead: then nothing was done. */
  readonly led: boolean;
  readonly deployments: number;
  readonly fired: number;
  readonly resolved: number;
  /** Sources that could not be read, with the reason. */
  readonly unreadable: readonly { readonly source: string; readonly reason: string }[];
}

/**
 * One tick: looks at every source, judges what is deployed, reads how the checks prove, holds the ledger to
 * what was known of it, and opens, refreshes or resolves findings. All that a tick
 * concludes commits together with the alerts it causes, and only while the lead is held.
 */
export async function reconcile(ctx: MonitorContext, lead: Lead): Promise<TickReport> {
  const db = await lead.take();
  if (db === null) return { led: false, deployments: 0, fired: 0, resolved: 0, unreadable: [] };
  const sights = await Promise.all(ctx.sources.map((source) => observeSource(ctx.clock, source)));
  const seen = sights.flatMap((sight) => (sight.ok ? sight.deployments : []));
  const unreadable = sights.filter((sight) => !sight.ok);
  const judged = await assessAll(ctx, [...seen, ...(await lastSeen(ctx, unreadable))]);
  const others = [
    ...(await checkFindings(ctx)),
    ...(await overrideFindings(ctx)),
    ...(await evidenceFindings(ctx)),
    ...(await watchLedger(ctx)),
  ];
  const changes = await commit(ctx, db, { sights, judged, others });
  return {
    led: true,
    deployments: judged.length,
    ...changes,
    unreadable: unreadable.map(({ source, reason }) => ({ source, reason })),
  };
}

type Unreadable = Extract<Sight, { ok: false }>;

/** Deployments of sources that cannot be read stay as they were last seen; time goes on for them all the same. */
async function lastSeen({ db }: MonitorContext, unreadable: readonly Unreadable[]): Promise<Deployment[]> {
  if (unreadable.length === 0) return [];
  const names = new Set(unreadable.map(({ source }) => source));
  return (await listDeployments(db)).filter(({ source }) => names.has(source)).map(toDeployment);
}

function toDeployment({ key, status, basis, firstSeenAt, ...deployment }: DeploymentRow): Deployment {
  return deployment;
}

interface Assessed extends JudgedDeployment {
  readonly findings: readonly Finding[];
}

/** At one time: each takes a connection of the pool. */
const CONCURRENCY = 4;

async function assessAll(ctx: MonitorContext, deployments: readonly Deployment[]): Promise<Assessed[]> {
  const judge = judgeOnce(ctx);
  const assessed: Assessed[] = [];
  for (let start = 0; start < deployments.length; start += CONCURRENCY) {
    const some = deployments.slice(start, start + CONCURRENCY);
    assessed.push(...(await Promise.all(some.map((deployment) => assess(judge, deployment)))));
  }
  return assessed;
}

async function assess(judge: TickJudge, deployment: Deployment): Promise<Assessed> {
  const { digest, environment } = deployment;
  const verdict = digest === null ? null : await judge.verdict(digest, environment, deployment);
  const governed = verdict === null || verdict.allowed ? null : await judge.governed(environment, deployment);
  const findings = findingsOf(deployment, verdict, { governedDigest: governed?.artifact ?? null });
  return { deployment, status: verdict?.status ?? 'ungoverned', basis: verdict?.basis ?? null, findings };
}

/** All that a tick looked at. */
interface Look {
  readonly sights: readonly Sight[];
  readonly judged: readonly Assessed[];
  /** Findings about no deployment: about checks, overrides, published evidence and the ledger. */
  readonly others: readonly Finding[];
}

async function commit(
  { clock }: MonitorContext,
  db: Db,
  { sights, judged, others }: Look,
): Promise<{ fired: number; resolved: number }> {
  return db.transaction().execute(async (tx) => {
    await saveDeployments(tx, judged);
    for (const sight of sights)
      if (sight.ok) await removeDeploymentsBut(tx, sight.source, sight.deployments.map(deploymentKey));
    await removeDeploymentsOfOthers(
      tx,
      sights.map(({ source }) => source),
    );
    const unreadable = sights.filter((sight) => !sight.ok);
    const deployed = judged.flatMap((row) => row.findings);
    const findings = [...deployed, ...unreadable.map(staleSource), ...others];
    const unseen = {
      sources: new Set(unreadable.map(({ source }) => source)),
      deployments: new Set(judged.flatMap(unseenKey)),
    };
    return settleFindings(tx, clock.now(), findings, unseen);
  });
}

function unseenKey({ deployment }: Assessed): string[] {
  return deployment.digest === null ? [deploymentKey(deployment)] : [];
}

function staleSource({ source, reason }: Unreadable): Finding {
  return {
    key: `source_stale/${source}`,
    kind: 'source_stale',
    severity: 'warning',
    deployment: `*/${source}`,
    environment: '*',
    modelId: '*',
    modelVersion: '*',
    observed: null,
    expected: null,
    summary: `the inventory source ${source} cannot be read: ${reason}`,
    remedy:
      'Its deployments are as they were last seen. Mend the source; until then nothing new there is noticed.',
  };
}
