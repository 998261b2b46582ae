import {
  checkStages,
  type Finding,
  type Instant,
  type MetricsSnapshot,
  type ModelMetrics,
  QUEUE_NAMES,
  type Trust,
} from '../domain/index.ts';
import {
  approvalTimes,
  approvalWaits,
  firingFindings,
  listReceivers,
  runStatistics,
  sourceStates,
  trainingToProduction,
  unfinishedJobs,
} from '../storage/index.ts';
import { pendingApprovals } from './approval-status.ts';
import { currentAudits } from './check-findings.ts';
import type { MonitorContext } from './context.ts';
import {
  type DeployedRow,
  type DescribedModel,
  describeDeployments,
  describeGoverned,
  describeModels,
} from './describe-models.ts';
import type { Lead } from './lead.ts';
import { createMemory, type DeployedSeries, type WatchMemory } from './watch-memory.ts';

/**
 * Computes everything that the exporter shows, from what the last tick concluded. Only deployed model versions have
 * series: the rules would alert for ever on those that are retired.
 */
export async function takeSnapshot(ctx: MonitorContext, lead: Pick<Lead, 'term'>): Promise<MetricsSnapshot> {
  const firing = (await firingFindings(ctx.db)).map(({ finding }) => finding);
  const { checkFailures, ...runs } = await runStatistics(ctx.db);
  return {
    at: seconds(ctx.clock.now()),
    ...(await deployedSeries(ctx, lead.term()?.memory ?? createMemory(), firing)),
    findings: firing.map(labelsOf),
    approvals: (await pendingApprovals(ctx)).map(({ request: { view }, state }) => ({
      modelId: view.modelId,
      modelVersion: view.modelVersion,
      status: state,
      askedAt: seconds(view.requestedAt),
    })),
    approvalWaits: await approvalWaits(ctx.db),
    runs,
    checkFailures: withQuietStages(ctx.trust, checkFailures),
    checks: (await currentAudits(ctx)).map(({ check, outcome }) => ({
      name: check,
      reliable: outcome === 'right',
    })),
    receivers: (await listReceivers(ctx.db)).map(({ name, failingSince, goneAt, waiting }) => ({
      name,
      failing: failingSince !== null || goneAt !== null,
      waiting,
    })),
    sources: [...(await sourceStates(ctx.db)).values()].map(({ name, seenAt, problem, deployments }) => ({
      name,
      seenAt: seenAt === null ? null : seconds(seenAt),
      stale: problem !== null,
      deployments,
    })),
    queues: await queueDepths(ctx),
    trainingToProduction: await trainingToProduction(ctx.db),
  };
}

/** The series of what is deployed: the same as long as nothing of it changes. */
async function deployedSeries(
  ctx: MonitorContext,
  memory: WatchMemory,
  firing: readonly Finding[],
): Promise<DeployedSeries> {
  if (memory.series !== null) return memory.series;
  const deployed = rowsOf(memory).filter(({ environment }) => !ctx.excusedEnvironments.has(environment));
  memory.series = {
    models: await withTimes(ctx, describeModels(ctx.trust, deployed, firing)),
    deployments: describeDeployments(deployed, firing),
    governed: describeGoverned(deployed),
  };
  return memory.series;
}

/** In the order of the keys, so that series keep their places. */
function rowsOf({ deployments, subjects }: WatchMemory): DeployedRow[] {
  const rows = [...deployments].map(([key, { deployment, status, basis, judgement }]) => ({
    ...{ ...deployment, key, status, basis },
    governed: subjects.get(judgement)?.judgement?.governed ?? null,
  }));
  return rows.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function labelsOf({ kind, severity, modelId, modelVersion, environment }: Finding) {
  return { kind, severity, modelId, modelVersion, environment };
}

/** Every queue, those without jobs too: a series that is not there cannot be told from one that is lost. */
async function queueDepths({ db }: MonitorContext): Promise<MetricsSnapshot['queues']> {
  const waiting = await unfinishedJobs(db);
  return QUEUE_NAMES.map((name) => {
    const jobs = waiting.get(name);
    return { name, waiting: jobs?.count ?? 0, oldestAt: jobs === undefined ? null : seconds(jobs.oldestAt) };
  });
}

async function withTimes({ db }: MonitorContext, models: readonly DescribedModel[]): Promise<ModelMetrics[]> {
  const times = await approvalTimes(
    db,
    models.flatMap(({ runId }) => (runId === null ? [] : [runId])),
  );
  return models.map(({ runId, renewedAt, validUntil, metrics }) => {
    const at = renewedAt ?? (runId === null ? undefined : times.get(runId));
    return {
      ...metrics,
      approvalTimestamp: at === undefined ? null : seconds(at),
      validUntil: validUntil === null ? null : seconds(validUntil),
    };
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

function seconds(at: Instant): number {
  return Math.floor(Date.parse(at) / 1000);
}
