import { type Changes, type ComparedRun, changesSince } from '../domain/index.ts';
import { lastGovernedRun, type Run, type StageResultRow, stageResultsOf } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/**
 * What a run changes since the last governed version of its model, for deciders. Null when no version of the model was
 * governed before. It informs and decides nothing: whether a version is governed is the judge's to say.
 */
export async function changesOf(
  { db }: Pick<BaseContext, 'db'>,
  run: Run,
  results: readonly StageResultRow[],
): Promise<Changes | null> {
  const last = await lastGovernedRun(db, run);
  if (last === null || last.run.riskTier === null) return null;
  const { modelVersion, artifact, pipeline, riskTier } = last.run;
  const since = {
    modelVersion,
    record: last.record,
    artifact: artifact.digest,
    pipeline,
    riskTier,
    issuedAt: last.issuedAt,
  };
  const before = compared(last.run, await stageResultsOf(db, last.run.id));
  return changesSince(since, before, compared(run, results));
}

function compared({ inputs, evidence }: Run, stages: readonly StageResultRow[]): ComparedRun {
  return { inputs, evidence, results: stages.flatMap(({ results }) => results) };
}
