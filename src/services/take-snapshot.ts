import {
  checkStages,
  type Digest,
  hashNumber,
  type Instant,
  isRequired,
  type MetricsSnapshot,
  type ModelMetrics,
  type Trust,
  type Verdict,
} from '../domain/index.ts';
import {
  type DeploymentRow,
  listDeployments,
  listFindings,
  listRuns,
  runStatistics,
  trainingToProduction,
} from '../storage/index.ts';
import type { MonitorContext } from './context.ts';
import { pendingApprovals } from './decide-approval.ts';
import { judgeArtifact } from './judge-artifact.ts';

/** Computes everything that the exporter shows: one series per model version, however many replicas serve it. */
export async function takeSnapshot(ctx: MonitorContext, environment: string): Promise<MetricsSnapshot> {
  const deployments = await listDeployments(ctx.db);
  const runs = await listRuns(ctx.db, { limit: 10_000 });
  const governed = new Map([...runs].reverse().map((run) => [nameKey(run), run.artifact.digest]));
  const keys = [...new Set([...deployments.map(nameKey), ...governed.keys()])].sort();
  const models = await Promise.all(
    keys.map((key) =>
      modelMetrics(
        ctx,
        key,
        governed.get(key) ?? null,
        deployments.filter((row) => nameKey(row) === key),
        environment,
      ),
    ),
  );
  const { checkFailures, ...totals } = await runStatistics(ctx.db);
  return {
    at: seconds(ctx.clock.now()),
    models,
    findings: (await listFindings(ctx.db, { state: 'firing' })).map(
      ({ finding: { kind, severity, modelId, modelVersion, environment: where } }) => ({
        kind,
        severity,
        modelId,
        modelVersion,
        environment: where,
      }),
    ),
    approvals: (await pendingApprovals(ctx)).map(({ request, state }) => ({
      modelId: request.view.modelId,
      modelVersion: request.view.modelVersion,
      status: state,
    })),
    runs: totals,
    checkFailures,
    trainingToProduction: await trainingToProduction(ctx.db),
  };
}

async function modelMetrics(
  ctx: MonitorContext,
  key: string,
  governed: Digest | null,
  deployments: readonly DeploymentRow[],
  environment: string,
): Promise<ModelMetrics> {
  const [modelId, modelVersion] = JSON.parse(key) as [string, string];
  const verdict =
    governed === null
      ? null
      : await judgeArtifact(ctx, { artifact: governed, environment, name: { modelId, modelVersion } });
  const known = verdict !== null && (verdict.allowed || verdict.status === 'expired');
  const wrong = deployments.find(({ digest }) => digest !== null && digest !== governed);
  const shown = wrong ?? deployments.find(({ digest }) => digest !== null);
  return {
    modelId,
    modelVersion,
    status: wrong?.status ?? deployments[0]?.status ?? verdict?.status ?? 'ungoverned',
    serving: deployments.length > 0,
    recordExists: known,
    governedHash: known && governed !== null ? hashNumber(governed) : null,
    deployedHash: shown?.digest ? hashNumber(shown.digest) : null,
    approvalTimestamp: known ? approvedAt(verdict) : null,
    ...stageCounts(ctx.trust, verdict),
  };
}

/** When the last needed approval was given; for tiers that need none, when the record was made good: not shown. */
function approvedAt({ basis }: Verdict): number | null {
  const times = (basis?.approvals ?? []).map(({ decidedAt }) => decidedAt).sort();
  const last = times.at(-1);
  return last === undefined ? null : seconds(last);
}

function stageCounts(
  trust: Trust,
  verdict: Verdict | null,
): { requiredStages: number; completedStages: number } {
  if (verdict?.basis)
    return {
      requiredStages: verdict.basis.requiredStages.length,
      completedStages: verdict.basis.completedStages.length,
    };
  const required = [...trust.pipelines.values()].map(
    (pipeline) => checkStages(pipeline).filter((stage) => isRequired(stage, null)).length,
  );
  return { requiredStages: Math.max(0, ...required), completedStages: 0 };
}

function nameKey({ modelId, modelVersion }: { modelId: string; modelVersion: string }): string {
  return JSON.stringify([modelId, modelVersion]);
}

function seconds(at: Instant): number {
  return Math.floor(Date.parse(at) / 1000);
}
