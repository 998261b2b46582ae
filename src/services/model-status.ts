import {
  CountersignError,
  type Digest,
  type Handling,
  modelName,
  unaskedRenewals,
  type Verdict,
} from '../domain/index.ts';
import {
  type DeploymentRow,
  type FindingRow,
  listDeployments,
  listFindings,
  listRuns,
  type Run,
} from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { withHandling } from './describe-alert.ts';
import { judgeArtifact } from './judge-artifact.ts';

/** How one model version stands. */
export interface ModelVersionStatus {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly artifact: Digest;
  readonly latestRun: Run;
  readonly verdict: Verdict;
  /** How often it may still be renewed without asking anybody, while nothing changes; 0 for never. */
  readonly unaskedRenewals: number;
}

/** How a model stands: its versions, where it is deployed, and what is wrong. */
export interface ModelStatus {
  readonly modelId: string;
  readonly versions: readonly ModelVersionStatus[];
  readonly deployments: readonly DeploymentRow[];
  readonly findings: readonly (FindingRow & { readonly handling: Handling })[];
}

const VERSIONS_SHOWN = 5;

/**
 * The newest versions of a model, or the one asked for.
 * @throws CountersignError `not_found` when nothing is known of it, neither submitted nor deployed
 */
export async function modelStatus(
  ctx: JudgeContext,
  query: { modelId: string; modelVersion?: string; environment: string },
): Promise<ModelStatus> {
  const { modelId, modelVersion, environment } = query;
  const ofVersion = (row: { modelVersion: string }) =>
    modelVersion === undefined || row.modelVersion === modelVersion;
  const runs = await listRuns(ctx.db, { modelId, ...(modelVersion === undefined ? {} : { modelVersion }) });
  const deployments = (await listDeployments(ctx.db, { modelId })).filter(ofVersion);
  const findings = (await listFindings(ctx.db, { state: 'firing', modelId })).filter(({ finding }) =>
    ofVersion(finding),
  );
  if (runs.length === 0 && deployments.length === 0) throw notFound(modelId, modelVersion);
  const latest = [...new Map([...runs].reverse().map((run) => [run.modelVersion, run])).values()]
    .reverse()
    .slice(0, VERSIONS_SHOWN);
  const versions = await Promise.all(latest.map((run) => versionStatus(ctx, run, environment)));
  return { modelId, versions, deployments, findings: await withHandling(ctx, findings) };
}

async function versionStatus(ctx: JudgeContext, run: Run, environment: string): Promise<ModelVersionStatus> {
  const verdict = await judgeArtifact(ctx, { artifact: run.artifact.digest, environment, name: run });
  return {
    modelId: run.modelId,
    modelVersion: run.modelVersion,
    artifact: run.artifact.digest,
    latestRun: run,
    verdict,
    unaskedRenewals: unaskedLeft(ctx, verdict),
  };
}

function unaskedLeft({ trust }: JudgeContext, { basis }: Verdict): number {
  const rules = basis === null ? undefined : trust.pipelines.get(basis.pipeline)?.renewal;
  if (basis === null || rules === undefined) return 0;
  return Math.max(0, unaskedRenewals(rules, basis.riskTier) - (basis.renewal?.number ?? 0));
}

function notFound(modelId: string, modelVersion: string | undefined): CountersignError {
  const name = modelVersion === undefined ? modelId : modelName({ modelId, modelVersion });
  return new CountersignError(
    'not_found',
    `nothing is known of ${name}: it was neither submitted nor seen deployed`,
  );
}
