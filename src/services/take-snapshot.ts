import { checkStages, type MetricsSnapshot, QUEUE_NAMES, type Trust } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';
import {
  approvalWaits,
  countFiring,
  listReceivers,
  runStatistics,
  sourceStates,
  trainingToProduction,
  unfinishedJobs,
} from '../storage/index.ts';
import { pendingApprovals } from './approval-status.ts';
import { currentAudits } from './check-findings.ts';
import type { MonitorContext } from './context.ts';
import { deployedSeries, unixSeconds as seconds } from './deployed-series.ts';
import { refuseGarbled } from './duties.ts';
import { isGarbled } from './garbled.ts';
import type { Lead } from './lead.ts';
import { mostAgeOf } from './look-around.ts';
import { createMemory } from './watch-memory.ts';

/**
 * Computes everything that the exporter shows, from what the last tick concluded. Only deployed model versions have
 * series: the rules would alert for ever on those that are retired.
 *
 * @param garbled told of what cannot be read: its series are left out then, and all others are there
 * @throws what cannot be read, where nobody is told of it
 */
export async function takeSnapshot(
  ctx: MonitorContext,
  lead: Pick<Lead, 'term'>,
  garbled: (what: string) => void = (what) => refuseGarbled([what]),
): Promise<MetricsSnapshot> {
  const memory = lead.term()?.memory ?? createMemory();
  memory.firing ??= await countFiring(ctx.db);
  const orNone = noneWhereGarbled(garbled);
  const { checkFailures, ...runs } = await runStatistics(ctx.db);
  return {
    at: seconds(ctx.clock.now()),
    ...(await deployedSeries(ctx, memory)),
    findings: memory.firing,
    approvals: await orNone('approval requests', () => approvalsShown(ctx)),
    approvalWaits: await approvalWaits(ctx.db),
    runs,
    checkFailures: withQuietStages(ctx.trust, checkFailures),
    checks: await orNone('audits of checks', () => checksShown(ctx)),
    receivers: await receiversShown(ctx),
    sources: await sourcesShown(ctx),
    queues: await queueDepths(ctx),
    trainingToProduction: await trainingToProduction(ctx.db),
  };
}

function noneWhereGarbled(garbled: (what: string) => void) {
  return async <T>(what: string, work: () => Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await work();
    } catch (error) {
      if (!isGarbled(error)) throw error;
      garbled(`${what}: ${error.message}`);
      return [];
    }
  };
}

async function approvalsShown(ctx: MonitorContext): Promise<MetricsSnapshot['approvals']> {
  return (await pendingApprovals(ctx)).map(({ request: { view }, state }) => ({
    modelId: view.modelId,
    modelVersion: view.modelVersion,
    status: state,
    askedAt: seconds(view.requestedAt),
  }));
}

async function checksShown(ctx: MonitorContext): Promise<MetricsSnapshot['checks']> {
  const audits = await currentAudits(ctx);
  return audits.map(({ check, outcome }) => ({ name: check, reliable: outcome === 'right' }));
}

async function receiversShown({ db }: MonitorContext): Promise<MetricsSnapshot['receivers']> {
  return (await listReceivers(db)).map(({ name, failingSince, goneAt, waiting }) => ({
    name,
    failing: failingSince !== null || goneAt !== null,
    waiting,
  }));
}

async function sourcesShown({ db, sources }: MonitorContext): Promise<MetricsSnapshot['sources']> {
  const states = await sourceStates(db);
  return sources.flatMap((source) => {
    const state = states.get(source.name);
    if (state === undefined) return [];
    const { name, seenAt, problem, deployments } = state;
    const seen = { seenAt: seenAt === null ? null : seconds(seenAt), mostAge: mostAgeOf(source) / SECOND };
    return [{ name, ...seen, stale: problem !== null, deployments }];
  });
}

/** Every queue, those without jobs too: a series that is not there cannot be told from one that is lost. */
async function queueDepths({ db }: MonitorContext): Promise<MetricsSnapshot['queues']> {
  const waiting = await unfinishedJobs(db);
  return QUEUE_NAMES.map((name) => {
    const jobs = waiting.get(name);
    return { name, waiting: jobs?.count ?? 0, oldestAt: jobs === undefined ? null : seconds(jobs.oldestAt) };
  });
}

/** A counter must be seen at zero first, or its first increase goes unseen. */
function withQuietStages(trust: Trust, failures: MetricsSnapshot['checkFailures']) {
  const stages = [...trust.pipelines.values()].flatMap((pipeline) =>
    checkStages(pipeline).map(({ name }) => name),
  );
  const counts = new Map(stages.map((stage) => [stage, 0]));
  for (const { stage, count } of failures) counts.set(stage, count);
  return [...counts].map(([stage, count]) => ({ stage, count }));
}
