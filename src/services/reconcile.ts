import {
  type Deployment,
  deploymentKey,
  type Finding,
  findingsOf,
  sourceStale,
  trustFindings,
  unjudgeable,
  type Verdict,
} from '../domain/index.ts';
import {
  type Db,
  type DeploymentRow,
  type JudgedDeployment,
  keepHistory,
  listDeployments,
  noteProductions,
  removeDeploymentsBut,
  type SourceState,
  saveDeployments,
  saveSourceStates,
  sourceStates,
} from '../storage/index.ts';
import { checkFindings } from './check-findings.ts';
import { digestCompleter } from './complete-digest.ts';
import type { MonitorContext } from './context.ts';
import { overrideFindings } from './follow-overrides.ts';
import { isGarbled } from './garbled.ts';
import { evidenceFindings } from './inspect-publication.ts';
import { judgeOnce, type TickJudge } from './judge-once.ts';
import type { Lead } from './lead.ts';
import { observeSource, type Sight } from './observe-source.ts';
import { prolong } from './prolong.ts';
import { receiverFindings } from './receiver-findings.ts';
import { settleFindings } from './settle-findings.ts';
import { watchLedger } from './watch-ledger.ts';

/** What a tick did. */
export interface TickReport {
  /** False when another monitor holds the lead: then nothing was done. */
  readonly led: boolean;
  readonly deployments: number;
  readonly fired: number;
  readonly resolved: number;
  /** Sources that could not be read, or of which only a part could, each with what is wrong. */
  readonly stale: readonly { readonly source: string; readonly problem: string }[];
  /** Whether the ledger is in another table than at the tick before, as after a restore from a dump. */
  readonly ledgerMoved: boolean;
}

/**
 * One tick: looks at every source, judges what is deployed, reads how the checks prove, holds the ledger to
 * what was known of it, and opens, refreshes or resolves findings. All that a tick
 * concludes commits together with the alerts it causes, and only while the lead is held.
 */
export async function reconcile(ctx: MonitorContext, lead: Lead): Promise<TickReport> {
  const db = await lead.take();
  if (db === null)
    return { led: false, deployments: 0, fired: 0, resolved: 0, stale: [], ledgerMoved: false };
  const states = await sourceStates(ctx.db);
  const complete = digestCompleter(ctx.db);
  const sights = await Promise.all(
    ctx.sources.map((source) => observeSource(ctx.clock, source, states.get(source.name) ?? null, complete)),
  );
  const judged = await assessAll(ctx, await knownDeployments(ctx, sights));
  const ledger = await watchLedger(ctx);
  const others = [
    ...(await checkFindings(ctx)),
    ...(await overrideFindings(ctx)),
    ...(await evidenceFindings(ctx)),
    ...ledger.findings,
    ...(await receiverFindings(ctx)),
    ...trustFindings(ctx.trust.policy, ctx.trustRefusal(), ctx.clock.now()),
  ];
  const changes = await commit(ctx, db, { sights, judged, others });
  return {
    led: true,
    deployments: judged.length,
    ...changes,
    stale: problemsOf(sights),
    ledgerMoved: ledger.moved,
  };
}

function problemsOf(sights: readonly Sight[]): TickReport['stale'] {
  return sights.flatMap(({ state: { name, problem } }) =>
    problem === null ? [] : [{ source: name, problem }],
  );
}

/**
 * What is seen, and what was seen before and may be there still: deployments of a source whose turn it is not stay as
 * they are; those that cannot be seen stay as they were last seen, and time goes on for them all the same.
 */
async function knownDeployments({ db }: MonitorContext, sights: readonly Sight[]): Promise<Deployment[]> {
  const seen = sights.flatMap((sight) => (sight.kind === 'seen' ? sight.deployments : []));
  if (sights.every((sight) => sight.kind === 'seen' && sight.gaps.length === 0)) return seen;
  const keys = new Set(seen.map(deploymentKey));
  const bySource = new Map(sights.map((sight) => [sight.state.name, sight]));
  const before = (await listDeployments(db)).filter(({ key }) => !keys.has(key)).map(toDeployment);
  return [...seen, ...before.flatMap((deployment) => unseen(deployment, bySource.get(deployment.source)))];
}

/** What is left of a deployment that was not seen: nothing where that says that it is gone. */
function unseen(deployment: Deployment, sight: Sight | undefined): Deployment[] {
  if (sight?.kind === 'resting') return [deployment];
  const mayBeThere =
    sight?.kind === 'unreadable' ||
    (sight?.kind === 'seen' && sight.gaps.some((gap) => gap.covers(deployment)));
  if (!mayBeThere) return [];
  return [{ ...deployment, staleSince: deployment.staleSince ?? sight.state.lookedAt }];
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
  const all: Assessed[] = [];
  for (let start = 0; start < deployments.length; start += CONCURRENCY) {
    const some = deployments.slice(start, start + CONCURRENCY);
    all.push(...(await Promise.all(some.map((deployment) => assess(ctx, judge, deployment)))));
  }
  return all;
}

/** What is stored of one artifact may be such that nobody can judge it; that hides nothing of the others. */
async function assess(ctx: MonitorContext, judge: TickJudge, deployment: Deployment): Promise<Assessed> {
  try {
    return await assessed(ctx, judge, deployment);
  } catch (error) {
    if (!isGarbled(error)) throw error;
    const excused = ctx.excusedEnvironments.has(deployment.environment);
    const findings = excused ? [] : [unjudgeable(deployment, error.message)];
    return { ...standing(deployment, null), findings };
  }
}

async function assessed(ctx: MonitorContext, judge: TickJudge, deployment: Deployment): Promise<Assessed> {
  const { digest, environment } = deployment;
  const found = digest === null ? null : await judge.verdict(digest, environment, deployment);
  if (ctx.excusedEnvironments.has(environment)) return { ...standing(deployment, found), findings: [] };
  const { verdict, expiry } = found === null ? UNKNOWN : await prolong(ctx, found, deployment);
  const governed = verdict === null || verdict.allowed ? null : await judge.governed(environment, deployment);
  const name = { governedDigest: governed?.artifact ?? null, expiry };
  return { ...standing(deployment, verdict), findings: findingsOf(deployment, verdict, name) };
}

const UNKNOWN = { verdict: null, expiry: null } as const;

function standing(deployment: Deployment, verdict: Verdict | null): JudgedDeployment {
  return { deployment, status: verdict?.status ?? 'ungoverned', basis: verdict?.basis ?? null };
}

/** All that a tick looked at. */
interface Look {
  readonly sights: readonly Sight[];
  readonly judged: readonly Assessed[];
  /** Findings about no deployment: about checks, overrides, published evidence and the ledger. */
  readonly others: readonly Finding[];
}

async function commit(
  { clock, excusedEnvironments }: MonitorContext,
  db: Db,
  { sights, judged, others }: Look,
): Promise<{ fired: number; resolved: number }> {
  const states = sights.map(({ state }) => state);
  return db.transaction().execute(async (tx) => {
    await saveDeployments(tx, judged);
    await removeDeploymentsBut(
      tx,
      judged.map(({ deployment }) => deploymentKey(deployment)),
    );
    await keepHistory(tx, clock.now());
    await noteProductions(tx, [...excusedEnvironments]);
    await saveSourceStates(tx, states);
    const deployed = judged.flatMap((row) => row.findings);
    const findings = [...deployed, ...states.flatMap(staleSource), ...others];
    return settleFindings(tx, clock.now(), findings, new Set(judged.flatMap(unseenKey)));
  });
}

/** What was not seen, or whose bytes could not be told. */
function unseenKey({ deployment }: Assessed): string[] {
  const { digest, staleSince } = deployment;
  return digest === null || staleSince !== null ? [deploymentKey(deployment)] : [];
}

function staleSource({ name, problem }: SourceState): Finding[] {
  return problem === null ? [] : [sourceStale(name, problem)];
}
