import type { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import type { ModelName } from '../model-version.ts';
import type { People } from '../person.ts';
import { type FailedStatement, ofKind, type VerifiedStatement } from '../statement/index.ts';
import { type Trust, trustedPipeline } from '../trust.ts';
import { type Admitted, admit } from './admit.ts';
import { overrideIn } from './assess-override.ts';
import { assessRun, basisOf } from './assess-run.ts';
import { artifactAsked, manifestsIn } from './by-manifest.ts';
import { type Conclusion, decisiveName, decisiveRun } from './precedence.ts';
import { rejectionsOf } from './rejection.ts';
import { groupByName, groupByRun, newestFirst, type RunStatements } from './run.ts';
import { allows, type Reason, type Verdict } from './verdict.ts';
import type { View, Witness } from './view-problem.ts';

/** All that a verdict depends on. */
export interface JudgeInput {
  /** The digest of its bytes, or that of an OCI manifest under which we found them. */
  readonly artifact: Digest;
  readonly environment: string;
  /** Where the artifact goes by a name, only runs under that name count; without one, the worst of its names does. */
  readonly name?: ModelName;
  readonly statements: readonly VerifiedStatement[];
  /** Bundles that did not verify. */
  readonly failures: readonly FailedStatement[];
  /** The ledger's signed list of all statements about the artifact. */
  readonly view: View | null;
  readonly witness: Witness;
  readonly trust: Trust;
  readonly people: People;
  readonly now: Instant;
  /**
   * The time that is asked about, where that is not now: what the ledger recorded later plays no part, and ages are those
   * of then. Keys, pipelines and revocations are those of today's policy.
   */
  readonly at?: Instant;
}

/**
 * The one judge: whether an artifact may serve traffic in an environment, and why. Pure: no I/O, no clock. Leaving out
 * any statement, or the view, never turns a refusal into an allowance.
 */
export function judge(question: JudgeInput): Verdict {
  const { artifact, mayServe } = artifactAsked(question);
  const verdict = judgeBytes({ ...question, artifact });
  if (artifact === question.artifact) return verdict;
  // What failed has no record, and people may say that it is to serve all the same.
  return mayServe || !verdict.allowed || verdict.status === 'overridden'
    ? { ...verdict, manifest: question.artifact }
    : judgeBytes(question);
}

function judgeBytes(asked: JudgeInput): Verdict {
  const { statements, obstacles, notes } = admit(asked);
  const input = asked.at === undefined ? asked : { ...asked, now: asked.at };
  const { revoked } = input.trust.policy;
  const digests = [input.artifact, ...manifestsIn(statements)];
  if (digests.some((digest) => revoked.artifacts.includes(digest))) return conclude(input, notes, REVOKED);
  const expiry = expiryOf(asked);
  if (expiry !== null) return conclude(input, notes, { ...UNGOVERNED, reasons: [expiry] });
  if (obstacles.length > 0) return conclude(input, notes, { ...UNGOVERNED, reasons: obstacles });
  const runs = newestFirst(groupByRun(statements)).filter((run) => matches(run, input.name));
  const overrides = ofKind(statements, 'override/v1') as readonly Admitted<'override/v1'>[];
  const decisive = decisiveName([
    ...groupByName(runs).flatMap((ofName) => assessName(ofName, overrides, input)),
    ...assessUnrun(runs, overrides, input),
  ]);
  return conclude(input, notes, decisive ?? { ...UNGOVERNED, reasons: [noRecord(input)] });
}

/** Whoever keeps a new policy from a verifier must not keep it in the old one for ever. */
function expiryOf({ trust: { policy }, now }: JudgeInput): Reason | null {
  if (policy.edition === undefined || now < policy.edition.validUntil) return null;
  const { version, validUntil } = policy.edition;
  return {
    code: 'trust_policy_expired',
    message: `version ${version} of the trust policy was good until ${validUntil}`,
    resolve:
      'fetch the current one, or issue it: countersign trust-policy draft, then countersign trust-policy sign',
  };
}

type Overrides = readonly Admitted<'override/v1'>[];

/** What the runs of one name amount to, and its override. */
function assessName(runs: readonly RunStatements[], overrides: Overrides, input: JudgeInput): Conclusion[] {
  const [name] = runs;
  const conclusion = decisiveRun(runs.map((run) => assess(run, input)));
  if (name === undefined || conclusion === undefined) return [];
  return [overrideIn(conclusion, name, runs, overrides, input)];
}

/** What names amount to under which nothing was ever run: something only where they are overridden. */
function assessUnrun(runs: readonly RunStatements[], overrides: Overrides, input: JudgeInput): Conclusion[] {
  const names = overrides
    .map(({ body }): ModelName => ({ modelId: body.modelId, modelVersion: body.modelVersion }))
    .filter((name) => matches(name, input.name) && !runs.some((run) => matches(run, name)));
  return names
    .map((name) => overrideIn({ ...UNGOVERNED, reasons: [noRecord(input)] }, name, [], overrides, input))
    .filter(({ status }) => status === 'overridden');
}

function conclude(input: JudgeInput, notes: readonly Reason[], conclusion: Conclusion): Verdict {
  return {
    artifact: input.artifact,
    manifest: null,
    environment: input.environment,
    status: conclusion.status,
    allowed: allows(conclusion.status),
    reasons: conclusion.reasons,
    notes: [...notes, ...conclusion.notes],
    basis: conclusion.basis,
    override: conclusion.override ?? null,
    asOf: input.view?.body.issuedAt ?? null,
    judgedAt: input.now,
  };
}

function assess(run: RunStatements, input: JudgeInput): Conclusion {
  const { trust, environment, people, now } = input;
  const [digest, ...others] = pipelinesOf(run);
  const isMixed = digest === undefined || others.length > 0;
  const pipeline = isMixed ? null : trustedPipeline(trust, digest, run.modelId, environment);
  const rejections = rejectionsOf(run, input);
  if (rejections.length > 0)
    return { ...REJECTED, reasons: rejections, basis: pipeline && basisOf(run, pipeline) };
  if (isMixed) return { ...FAILED, reasons: [mixedPipelines(run)] };
  if (pipeline === null) return { ...UNGOVERNED, reasons: [untrustedPipeline(run, environment)] };
  return assessRun(run, { pipeline, people, environment, now });
}

/** The pipelines that a run's statements name: one, unless somebody meddled. */
function pipelinesOf({ results, record }: RunStatements): readonly Digest[] {
  return [...new Set([...results, ...(record ? [record] : [])].map(({ body }) => body.pipeline))];
}

function matches(one: ModelName, name: ModelName | undefined): boolean {
  return name === undefined || (one.modelId === name.modelId && one.modelVersion === name.modelVersion);
}

function noRecord({ artifact, name }: JudgeInput): Reason {
  const what = name === undefined ? artifact : `${name.modelId}@${name.modelVersion} (${artifact})`;
  return {
    code: 'no_record',
    message: `no signed statement speaks of ${what}`,
    resolve: 'countersign submit',
  };
}

function untrustedPipeline({ runId, modelId }: RunStatements, environment: string): Reason {
  return {
    code: 'pipeline_not_trusted',
    message: `run ${runId} went through a pipeline that does not count for ${modelId} in ${environment}`,
    resolve: 'submit the model version with a pipeline of the trust policy',
  };
}

function mixedPipelines({ runId }: RunStatements): Reason {
  return {
    code: 'record_inconsistent',
    message: `the statements of run ${runId} name several pipelines`,
    resolve: 'submit the model version again with --attempt new',
  };
}

const NOTHING = { notes: [], basis: null, approved: false, conclusive: true } as const;
const REJECTED = { ...NOTHING, status: 'rejected' } as const;
const FAILED = { ...NOTHING, status: 'failed' } as const;
const UNGOVERNED = { ...NOTHING, status: 'ungoverned' } as const;
const REVOKED: Conclusion = {
  ...NOTHING,
  status: 'revoked',
  reasons: [
    { code: 'artifact_revoked', message: 'the artifact is revoked', resolve: 'deploy another version' },
  ],
};
