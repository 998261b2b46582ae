import type { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import type { ModelName } from '../model-version.ts';
import type { People } from '../person.ts';
import { type FailedStatement, ofKind, type VerifiedStatement } from '../statement/index.ts';
import { isTrustedPipeline, type Trust } from '../trust.ts';
import { type Admitted, admit } from './admit.ts';
import { assessRun, type RunAssessment, type RunStatements } from './assess-run.ts';
import { allows, type Reason, type Verdict } from './verdict.ts';

/** All that a verdict depends on. */
export interface JudgeInput {
  readonly artifact: Digest;
  readonly environment: string;
  /** Where the artifact goes by a name, only runs under that name count. */
  readonly name?: ModelName;
  readonly statements: readonly VerifiedStatement[];
  /** Bundles that did not verify. */
  readonly failures: readonly FailedStatement[];
  /** The ledger's signed list of all statements about the artifact. */
  readonly view: VerifiedStatement<'ledger-view/v1'> | null;
  readonly trust: Trust;
  readonly people: People;
  readonly now: Instant;
}

/**
 * The one judge: whether an artifact may serve traffic in an environment, and why. Pure: no I/O, no clock. Leaving out
 * any statement, or the view, never turns a refusal into an allowance.
 */
export function judge(input: JudgeInput): Verdict {
  const { statements, obstacles, notes } = admit(input);
  if (input.trust.policy.revoked.artifacts.includes(input.artifact)) return conclude(input, notes, REVOKED);
  if (obstacles.length > 0)
    return conclude(input, notes, { status: 'ungoverned', reasons: obstacles, notes: [], basis: null });
  const runs = newestFirst(groupByRun(statements)).filter((run) => matches(run, input.name));
  const assessed = runs.map((run) => assess(run, input));
  const decisive =
    assessed.find(({ status }) => status !== 'pending' && status !== 'ungoverned') ?? assessed[0];
  return conclude(
    input,
    notes,
    decisive ?? { status: 'ungoverned', reasons: [noRecord(input)], notes: [], basis: null },
  );
}

type Conclusion = Omit<RunAssessment, 'basis'> & { readonly basis: RunAssessment['basis'] | null };

function conclude(input: JudgeInput, notes: readonly Reason[], conclusion: Conclusion): Verdict {
  return {
    artifact: input.artifact,
    environment: input.environment,
    status: conclusion.status,
    allowed: allows(conclusion.status),
    reasons: conclusion.reasons,
    notes: [...notes, ...conclusion.notes],
    basis: conclusion.basis,
    asOf: input.view?.body.issuedAt ?? null,
    judgedAt: input.now,
  };
}

function assess(run: RunStatements, { trust, environment, people, now }: JudgeInput): Conclusion {
  const digest = pipelineOf(run);
  const pipeline = digest === null ? undefined : trust.pipelines.get(digest);
  if (pipeline === undefined || !isTrustedPipeline(trust.policy, pipeline.digest, run.modelId, environment)) {
    const message = `run ${run.runId} went through a pipeline that does not count for ${run.modelId} in ${environment}`;
    const reason: Reason = {
      code: 'pipeline_not_trusted',
      message,
      resolve: 'submit the model version with a pipeline of the trust policy',
    };
    return { status: 'ungoverned', reasons: [reason], notes: [], basis: null };
  }
  return assessRun(run, { pipeline, people, now });
}

/** The one pipeline that all of a run's statements name; null when they disagree. */
function pipelineOf(run: RunStatements): Digest | null {
  const digests = new Set(
    [...run.results, ...(run.record ? [run.record] : [])].map(({ body }) => body.pipeline),
  );
  return digests.size === 1 ? ([...digests][0] ?? null) : null;
}

/** Runs are told apart by id *and* name, so that a statement under another name never completes a run. */
function groupByRun(statements: readonly Admitted[]): RunStatements[] {
  const results = ofKind(statements, 'stage-result/v1') as readonly Admitted<'stage-result/v1'>[];
  const records = ofKind(statements, 'governance-record/v1') as readonly Admitted<'governance-record/v1'>[];
  const requests = ofKind(statements, 'approval-request/v1') as readonly Admitted<'approval-request/v1'>[];
  const decisions = ofKind(statements, 'approval-decision/v1') as readonly Admitted<'approval-decision/v1'>[];
  const firsts = new Map([...results, ...records].map((statement) => [keyOf(statement), statement.body]));
  return [...firsts].map(([key, { runId, modelId, modelVersion }]) => {
    const record = newest(records.filter((candidate) => keyOf(candidate) === key));
    const request = newest(
      requests.filter((candidate) => keyOf(candidate) === key && candidate.body.record === record?.id),
    );
    return {
      runId,
      modelId,
      modelVersion,
      results: results.filter((result) => keyOf(result) === key),
      record,
      request,
      decisions,
    };
  });
}

function keyOf({ body }: { body: { runId: string; modelId: string; modelVersion: string } }): string {
  return JSON.stringify([body.runId, body.modelId, body.modelVersion]);
}

function newest<Kind extends Admitted>(statements: readonly Kind[]): Kind | null {
  return statements.reduce<Kind | null>(
    (best, next) => (best === null || next.entry.index > best.entry.index ? next : best),
    null,
  );
}

function newestFirst(runs: readonly RunStatements[]): RunStatements[] {
  const firstIndex = (run: RunStatements) =>
    Math.min(...[...run.results, ...(run.record ? [run.record] : [])].map(({ entry }) => entry.index));
  return [...runs].sort((a, b) => firstIndex(b) - firstIndex(a));
}

function matches(run: RunStatements, name: ModelName | undefined): boolean {
  return name === undefined || (run.modelId === name.modelId && run.modelVersion === name.modelVersion);
}

function noRecord({ artifact, name }: JudgeInput): Reason {
  const what = name === undefined ? artifact : `${name.modelId}@${name.modelVersion} (${artifact})`;
  return {
    code: 'no_record',
    message: `no signed statement speaks of ${what}`,
    resolve: 'countersign submit',
  };
}

const REVOKED: Conclusion = {
  status: 'revoked',
  reasons: [
    { code: 'artifact_revoked', message: 'the artifact is revoked', resolve: 'deploy another version' },
  ],
  notes: [],
  basis: null,
};
