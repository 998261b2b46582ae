import { type CheckResult, checkStages, type Outcome, type Verdict } from '../domain/index.ts';
import { findApprovalRequestOfRun, type Run, stageResultsOf } from '../storage/index.ts';
import { type ApprovalStatus, approvalStatus } from './approval-status.ts';
import type { JudgeContext } from './context.ts';
import { judgeArtifact } from './judge-artifact.ts';
import { requireRun } from './submit-run.ts';

/** How one stage of a run stands. */
export interface StageProgress {
  readonly name: string;
  readonly state: Outcome | 'not_evaluated' | 'running';
  readonly results: readonly CheckResult[];
}

/** A run with everything that a person would ask about it. */
export interface RunDescription {
  readonly run: Run;
  readonly stages: readonly StageProgress[];
  readonly approval: ApprovalStatus | null;
  /** What the artifact amounts to under this name. */
  readonly verdict: Verdict;
}

/** @throws CountersignError `not_found` */
export async function describeRun(
  ctx: JudgeContext,
  runId: string,
  environment: string,
): Promise<RunDescription> {
  const run = await requireRun(ctx, runId);
  const request = await findApprovalRequestOfRun(ctx.db, run.id);
  const verdict = await judgeArtifact(ctx, { artifact: run.artifact.digest, environment, name: run });
  return {
    run,
    stages: await stagesOf(ctx, run),
    approval: request === null ? null : await approvalStatus(ctx, request.id),
    verdict,
  };
}

async function stagesOf(ctx: JudgeContext, run: Run): Promise<StageProgress[]> {
  const rows = await stageResultsOf(ctx.db, run.id);
  const pipeline = ctx.trust.pipelines.get(run.pipeline);
  const names =
    pipeline === undefined ? rows.map(({ stage }) => stage) : checkStages(pipeline).map(({ name }) => name);
  return names.map((name) => {
    const row = rows.find(({ stage }) => stage === name);
    return {
      name,
      state: row?.outcome ?? (run.currentStage === name ? 'running' : 'not_evaluated'),
      results: row?.results ?? [],
    };
  });
}
