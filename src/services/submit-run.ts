import { z } from 'zod';
import {
  CiUrl,
  CountersignError,
  Digest,
  EvidenceName,
  Inputs,
  Instant,
  invalidInput,
  isTrustedPipeline,
  ModelId,
  ModelVersion,
  type Pipeline,
  type Principal,
  SubmitterNote,
} from '../domain/index.ts';
import { canonicalJson, type Problem } from '../lib/index.ts';
import { type EvidenceItem, findRun, latestAttempt, type Run } from '../storage/index.ts';
import type { QueueingContext, SubmissionContext } from './context.ts';
import { draftRun, missingBytes, type SubmittedFacts } from './draft-run.ts';
import type { SealedFetchContext } from './fetch-seal.ts';
import { queueRun } from './queue-run.ts';
import type { DraftedRun } from './run-seal.ts';
import {
  keepListing,
  type NamedArtifact,
  SubmittedArtifact,
  submittedArtifact,
} from './submitted-artifact.ts';

/** What CI submits: names, digests of bytes that are in the blob store already, and who did it. */
export const Submission = z.strictObject({
  modelId: ModelId,
  modelVersion: ModelVersion,
  artifact: SubmittedArtifact,
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
  /** Where the CI run can be seen, for those who decide. */
  ciUrl: CiUrl.optional(),
  /** Words of the submitter for those who decide. */
  note: SubmitterNote.optional(),
  /** `same` returns the run of an equal submission; `new` starts another. */
  attempt: z.enum(['same', 'new']).default('same'),
});
export type Submission = z.infer<typeof Submission>;

/**
 * Starts a run, or returns the one that an equal submission started while that stands. The run and the job that executes
 * it commit together.
 *
 * @throws CountersignError `pipeline_not_trusted`; `invalid_input` with every problem; `conflict` where the run that
 *   stands was submitted by somebody else, or with other authors or inputs; `integrity` for a fetch that is not as the
 *   fetcher left it
 */
export async function submitRun(
  ctx: QueueingContext & SealedFetchContext,
  submission: Submission,
  submitter: Principal,
): Promise<{ run: Run; created: boolean }> {
  const pipeline = trustedPipeline(ctx, submission);
  const artifact = await submittedArtifact(ctx, submission.artifact, submitter);
  await refuseMissingBytes(ctx, submission, artifact.uploaded);
  await keepListing(ctx, submission.artifact);
  const draft = draftRun(ctx, pipeline, factsOf(ctx, submission, submitter, artifact));
  return ctx.db.transaction().execute(async (tx) => {
    const latest = await latestAttempt(tx, draft.submission);
    if (latest?.stands && submission.attempt === 'same')
      return { run: sameAs(latest, draft), created: false };
    return { run: await queueRun(tx, ctx, draft, latest), created: true };
  });
}

/**
 * The run that stands for an equal submission. Who made the model, and of what, is not part of what makes submissions
 * equal; but were a difference passed over in silence, an author could be left out and approve their own work.
 */
function sameAs(standing: Run, draft: DraftedRun): Run {
  const compared = ['submitter', 'authors', 'inputs', 'trainedAt'] as const;
  const whoAndOfWhat = (run: DraftedRun) => ({
    ...run,
    submitter: run.submitter.person ?? run.submitter.subject,
  });
  const [a, b] = [whoAndOfWhat(standing), whoAndOfWhat(draft)];
  const differing = compared.filter((field) => canonicalJson(a[field]) !== canonicalJson(b[field]));
  if (differing.length === 0) return standing;
  const message = `run ${standing.id} stands for this submission with another ${differing.join(', ')}`;
  const fix = 'submit it with --attempt new, so that the difference counts';
  throw new CountersignError('conflict', message, {
    problems: differing.map((where) => ({ where, message, fix })),
  });
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

async function refuseMissingBytes(
  ctx: SubmissionContext,
  submission: Submission,
  artifacts: NamedArtifact['uploaded'],
): Promise<void> {
  const { evidence } = submission;
  const problems: Problem[] = await missingBytes(ctx, { artifacts, evidence });
  const names = submission.evidence.map(({ name }) => name);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    problems.push({ where: `evidence ${name}`, message: 'is given twice' });
  if (problems.length > 0) throw invalidInput('the submission', problems);
}

function factsOf(
  { directory }: SubmissionContext,
  submission: Submission,
  submitter: Principal,
  { artifact, missing }: NamedArtifact,
): SubmittedFacts {
  const { modelId, modelVersion, inputs, trainedAt, authors, ciUrl, note } = submission;
  return {
    modelId,
    modelVersion,
    artifact,
    missingBytes: missing,
    evidence: evidenceManifest(submission.evidence),
    inputs,
    submitter,
    authors: authors.map((subject) => directory.principal(subject)),
    trainedAt: trainedAt ?? null,
    ciUrl: ciUrl ?? null,
    note: note ?? null,
  };
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
