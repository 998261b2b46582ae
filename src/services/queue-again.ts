import { CountersignError, isTrustedPipeline, type Principal } from '../domain/index.ts';
import { latestAttempt, type Run, type Tx } from '../storage/index.ts';
import type { QueueingContext, SubmissionContext } from './context.ts';
import { draftRun, missingBytes, type SubmittedFacts } from './draft-run.ts';
import { queueRun } from './queue-run.ts';
import { sealFault } from './run-seal.ts';

/**
 * Why the submission of a run cannot be run again; null where nothing stands in the way.
 * @throws CountersignError `unavailable` while the keys of the seals are not there
 */
export async function obstacleTo(ctx: QueueingContext, run: Run): Promise<string | null> {
  const fault = await sealFault(ctx, run);
  if (fault !== null) return fault;
  const { policy, pipelines } = ctx.trust;
  if (!isTrustedPipeline(policy, run.pipeline, run.modelId, null) || !pipelines.has(run.pipeline))
    return 'its pipeline no longer counts: submit it with one that does';
  const [missing] = await missingBytes(ctx, { artifacts: [run.artifact], evidence: run.evidence });
  return missing === undefined ? null : `${missing.where}: ${missing.message}`;
}

/**
 * Queues a run's submission as a new attempt and returns its id. Submitter and authors stay who they were: whoever asks
 * for it gains and loses no right to approve. Only where nothing stands in the way.
 */
export async function queueAgain(tx: Tx, ctx: QueueingContext, run: Run): Promise<string> {
  const pipeline = ctx.trust.pipelines.get(run.pipeline);
  if (pipeline === undefined) throw new CountersignError('internal', `pipeline ${run.pipeline} is gone`);
  const known = (principal: Principal) => asKnownNow(ctx, principal);
  const draft = draftRun(ctx, pipeline, {
    ...factsOf(run),
    submitter: known(run.submitter),
    authors: run.authors.map(known),
  });
  const { id } = await queueRun(tx, ctx, draft, await latestAttempt(tx, draft.submission));
  return id;
}

/** What was submitted. Its bytes are there by now, or it would not be run. */
function factsOf(run: Run): SubmittedFacts {
  const { modelId, modelVersion, artifact, evidence, inputs, submitter, authors, trainedAt, ciUrl, note } =
    run;
  return {
    ...{ modelId, modelVersion, artifact, evidence, inputs, submitter, authors, trainedAt, ciUrl, note },
    missingBytes: null,
  };
}

/** A person stays who they were, whatever the account stands for now; an account that was nobody's may be somebody's. */
function asKnownNow({ directory }: SubmissionContext, principal: Principal): Principal {
  return principal.person === null ? directory.principal(principal.subject) : principal;
}
