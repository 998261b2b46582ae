import { CountersignError, type Digest, type ModelName, modelName } from '../domain/index.ts';
import { latestRunOf, listRecords, lockReruns } from '../storage/index.ts';
import type { QueueingContext } from './context.ts';
import { obstacleTo, queueAgain } from './queue-again.ts';
import { stateUnderWay } from './run-again.ts';

/** The run by which a model version is to be renewed. */
export interface StartedRenewal extends ModelName {
  readonly artifact: Digest;
  readonly runId: string;
  /** The run whose submission it repeats. */
  readonly ofRun: string;
  /** False where a run of the same was under way already. */
  readonly created: boolean;
}

/**
 * Queues the last submission of a governed model version as a new attempt, unless one is under way. What stands goes on
 * standing until the new run is decided.
 * @throws CountersignError `not_found` where the version has no record; `conflict` where it cannot be run again
 */
export async function startRenewal(
  ctx: QueueingContext,
  name: ModelName,
  artifact?: Digest,
): Promise<StartedRenewal> {
  const records = await listRecords(ctx.db, name);
  const record = artifact === undefined ? records[0] : records.find((row) => row.artifact === artifact);
  if (record === undefined)
    throw new CountersignError('not_found', `there is no governance record of ${modelName(name)}`);
  const { modelId, modelVersion } = name;
  const started = { modelId, modelVersion, artifact: record.artifact };
  return ctx.db.transaction().execute(async (tx) => {
    await lockReruns(tx);
    const run = await latestRunOf(tx, name, record.artifact);
    if (run === null) throw new CountersignError('internal', `the runs of ${modelName(name)} are gone`);
    if (run.stands && stateUnderWay(run.state) !== null)
      return { ...started, runId: run.id, ofRun: run.id, created: false };
    const obstacle = await obstacleTo(ctx, run);
    if (obstacle !== null) throw cannotRun(name, obstacle);
    return { ...started, runId: await queueAgain(tx, ctx, run), ofRun: run.id, created: true };
  });
}

function cannotRun(name: ModelName, obstacle: string): CountersignError {
  const fix = 'submit it again with its artifact and fresh evidence: countersign submit … --attempt new';
  const problems = [{ where: modelName(name), message: obstacle, fix }];
  return new CountersignError('conflict', `${modelName(name)} cannot be run again: ${obstacle}`, {
    problems,
  });
}
