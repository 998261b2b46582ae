import type { People } from '../person.ts';
import { approvalFor } from '../pipeline/index.ts';
import { type Trust, trustedPipeline } from '../trust.ts';
import type { RunStatements } from './run.ts';
import type { Reason } from './verdict.ts';
import { type Decision, type Question, weighDecisions } from './weigh-decision.ts';

/** By what rejections are weighed. */
export interface Bench {
  readonly trust: Trust;
  readonly environment: string;
  readonly people: People;
}

/**
 * The rejections of a run that count, on any of its records: asking again does not undo them. Each is weighed on what
 * was put to the vote then, so that nothing said of the run later (a failure, another tier or pipeline) undoes them either.
 */
export function rejectionsOf(run: RunStatements, bench: Bench): readonly Reason[] {
  const counted = run.questions.flatMap((question) => countedOn(question, run, bench));
  const rejections = counted.filter(({ body }) => body.decision === 'rejected');
  return rejections.map(({ id, body }) => ({
    code: 'approval_rejected',
    message: `rejected by ${body.person} at ${body.decidedAt}`,
    resolve: 'mend what was objected to, submit the model version again, and have people approve it',
    statement: id,
  }));
}

/** Whether or not the tier demanded it, people were asked: so the tier, which may be said anew, plays no part. */
function countedOn(question: Question, run: RunStatements, bench: Bench): readonly Decision[] {
  const { pipeline: digest, modelId } = question.record.body;
  const pipeline = trustedPipeline(bench.trust, digest, modelId, bench.environment);
  const stage = pipeline === null ? null : approvalFor(pipeline, null);
  return stage === null ? [] : weighDecisions(run.decisions, question, { ...bench, stage }).counted;
}
