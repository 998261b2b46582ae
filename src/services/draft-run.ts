import { checkStages, type Digest, digestOfJson, type Pipeline } from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';
import type { Run } from '../storage/index.ts';
import type { SubmissionContext } from './context.ts';
import type { DraftedRun } from './run-seal.ts';

/** What a submitter said: all of a run that does not come of the service itself. */
export type SubmittedFacts = Pick<
  Run,
  | 'modelId'
  | 'modelVersion'
  | 'artifact'
  | 'evidence'
  | 'inputs'
  | 'submitter'
  | 'authors'
  | 'trainedAt'
  | 'ciUrl'
  | 'note'
  | 'missingBytes'
>;

/** A run that is to be queued, as the first attempt of its submission. Nothing is stored. */
export function draftRun(ctx: SubmissionContext, pipeline: Pipeline, facts: SubmittedFacts): DraftedRun {
  const { modelId, modelVersion, artifact, evidence, missingBytes } = facts;
  const parameters = ctx.checkParameters(pipeline.digest, modelId);
  const name = { modelId, modelVersion, artifact: artifact.digest };
  // With the bytes at hand the same submission is another one.
  const bytes = missingBytes === null ? {} : { bytes: 'missing' };
  const equal = { ...name, evidence, pipeline: pipeline.digest, parameters, ...bytes };
  return {
    id: ctx.newId(),
    submission: digestOfJson({ ...equal, checks: versionsOf(pipeline, ctx) }),
    ...facts,
    pipeline: pipeline.digest,
    attempt: 1,
    state: 'queued',
    currentStage: null,
    riskTier: null,
    failure: null,
    stands: true,
    submittedAt: ctx.clock.now(),
    finishedAt: null,
  };
}

function versionsOf(pipeline: Pipeline, { checkVersions }: SubmissionContext): Record<string, string> {
  const names = checkStages(pipeline).flatMap(({ checks }) => checks.map(({ name }) => name));
  return Object.fromEntries(names.map((name) => [name, checkVersions.get(name) ?? 'none']));
}

/** A problem for each of the bytes of a submission that the blob store has not. */
export async function missingBytes(
  { blobs }: Pick<SubmissionContext, 'blobs'>,
  submitted: {
    readonly artifacts: readonly { readonly name?: string; readonly digest: Digest }[];
    readonly evidence: Run['evidence'];
  },
): Promise<Problem[]> {
  const wanted = [
    ...submitted.artifacts.map(({ name, digest }) => ({
      where: name === undefined ? 'artifact' : `artifact ${name}`,
      digest,
    })),
    ...submitted.evidence.map(({ name, digest }) => ({
      where: `evidence ${name}`,
      digest: digest as Digest,
    })),
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
  return problems;
}
