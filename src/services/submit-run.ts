import { z } from 'zod';
import {
  CountersignError,
  checkStages,
  Digest,
  digestOfJson,
  fileArtifact,
  Inputs,
  Instant,
  invalidInput,
  isTrustedPipeline,
  ModelId,
  ModelVersion,
  type Pipeline,
  type Principal,
} from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';
import {
  addToOutbox,
  type EvidenceItem,
  findRun,
  insertRun,
  lastAttempt,
  type Run,
  supersedeRequests,
  type Tx,
} from '../storage/index.ts';
import type { SubmissionContext } from './context.ts';
import { queueCardUpdate } from './queue-card.ts';

const EvidenceName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/, 'expected a name such as model_card or control.risk_management')
  .max(128);

/** What CI submits: names, digests of bytes that are in the blob store already, and who did it. */
export const Submission = z.strictObject({
  modelId: ModelId,
  modelVersion: ModelVersion,
  artifact: Digest,
  pipeline: Digest,
  evidence: z.array(z.strictObject({ name: EvidenceName, digest: Digest })).max(256),
  inputs: Inputs.default({}),
  /** Accounts of those who made the model, besides the submitter: `git:<e-mail>` or `person:<id>`. */
  authors: z
    .array(
      z
        .string()
        .regex(/^(git|person|ci):.+$/, 'expected git:<e-mail>, ci:<identity> or person:<id>')
        .max(256),
    )
    .max(64)
    .default([]),
  trainedAt: Instant.optional(),
  /** `same` returns the run of an equal submission; `new` starts another. */
  attempt: z.enum(['same', 'new']).default('same'),
});
export type Submission = z.infer<typeof Submission>;

/**
 * Starts a run, or returns the one that an equal submission started. The run, the job that executes it and the end of
 * older approval requests commit together.
 *
 * @throws CountersignError `pipeline_not_trusted`, or `invalid_input` with every problem
 */
export async function submitRun(
  ctx: SubmissionContext,
  submission: Submission,
  submitter: Principal,
): Promise<{ run: Run; created: boolean }> {
  const pipeline = trustedPipeline(ctx, submission);
  await refuseMissingBytes(ctx, submission);
  return ctx.db.transaction().execute(async (tx) => {
    const draft = await draftRun(tx, ctx, submission, pipeline, submitter);
    const { run, created } = await insertRun(tx, draft);
    if (created) await start(tx, ctx, run);
    return { run, created };
  });
}

async function start(tx: Tx, ctx: SubmissionContext, run: Run): Promise<void> {
  const now = ctx.clock.now();
  await addToOutbox(tx, { queue: 'runs', name: 'execute-run', payload: { runId: run.id } }, now);
  for (const request of await supersedeRequests(tx, run, now)) await queueCardUpdate(tx, request, now);
}

function trustedPipeline({ trust }: SubmissionContext, { modelId, pipeline: digest }: Submission): Pipeline {
  const pipeline = trust.pipelines.get(digest);
  if (pipeline !== undefined && isTrustedPipeline(trust.policy, digest, modelId, null)) return pipeline;
  const known = trust.policy.pipelines.filter(({ digest: other }) =>
    isTrustedPipeline(trust.policy, other, modelId, null),
  );
  const list = known.map(({ digest: other }) => other).join(', ') || 'none';
  const why = pipeline === undefined ? 'is not registered on the server' : `does not count for ${modelId}`;
  throw new CountersignError(
    'pipeline_not_trusted',
    `pipeline ${digest} ${why}; pipelines that count for it: ${list}`,
    {
      problems: [
        {
          where: 'pipeline',
          message: `${digest} ${why}`,
          fix: 'submit with a pipeline file whose bytes are registered under pipelines: in countersign.yaml',
        },
      ],
    },
  );
}

async function refuseMissingBytes({ blobs }: SubmissionContext, submission: Submission): Promise<void> {
  const wanted = [
    { where: 'artifact', digest: submission.artifact },
    ...submission.evidence.map(({ name, digest }) => ({ where: `evidence ${name}`, digest })),
  ];
  const problems: Problem[] = [];
  for (const { where, digest } of wanted) {
    if (!(await blobs.has(digest)))
      problems.push({
        where,
        message: `the server has no bytes with digest ${digest}`,
        fix: `upload them first: PUT /api/v1/blobs/${digest}`,
      });
  }
  const names = submission.evidence.map(({ name }) => name);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    problems.push({ where: `evidence ${name}`, message: 'is given twice' });
  if (problems.length > 0) throw invalidInput('the submission', problems);
}

async function draftRun(
  tx: Tx,
  ctx: SubmissionContext,
  submission: Submission,
  pipeline: Pipeline,
  submitter: Principal,
): Promise<Run> {
  const evidence = evidenceManifest(submission.evidence);
  const keyOf = (attempt: number) =>
    digestOfJson({ ...identity(submission, evidence), checks: versionsOf(pipeline, ctx), attempt });
  const last = await lastAttempt(tx, keyOf);
  const attempt = submission.attempt === 'new' ? last + 1 : Math.max(last, 1);
  return {
    id: ctx.newId(),
    key: keyOf(attempt),
    modelId: submission.modelId,
    modelVersion: submission.modelVersion,
    artifact: fileArtifact(submission.artifact),
    pipeline: pipeline.digest,
    evidence,
    inputs: submission.inputs,
    submitter,
    authors: submission.authors.map((subject) => ctx.directory.principal(subject)),
    attempt,
    state: 'queued',
    currentStage: null,
    riskTier: null,
    failure: null,
    trainedAt: submission.trainedAt ?? null,
    submittedAt: ctx.clock.now(),
    finishedAt: null,
  };
}

function identity(
  { modelId, modelVersion, artifact, pipeline }: Submission,
  evidence: readonly EvidenceItem[],
) {
  return { modelId, modelVersion, artifact, pipeline, evidence };
}

function versionsOf(pipeline: Pipeline, { checkVersions }: SubmissionContext): Record<string, string> {
  const names = checkStages(pipeline).flatMap(({ checks }) => checks.map(({ name }) => name));
  return Object.fromEntries(names.map((name) => [name, checkVersions.get(name) ?? 'none']));
}

/** Evidence in one order, so that equal evidence has an equal digest. */
function evidenceManifest(evidence: readonly { name: string; digest: string }[]): EvidenceItem[] {
  return [...evidence]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, digest }) => ({ name, digest }));
}

/** A run by its id. @throws CountersignError `not_found` */
export async function requireRun({ db }: Pick<SubmissionContext, 'db'>, id: string): Promise<Run> {
  const run = await findRun(db, id);
  if (run === null) throw new CountersignError('not_found', `there is no run ${id}`);
  return run;
}
