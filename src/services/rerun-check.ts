import { z } from 'zod';
import { CountersignError, Instant, invalidInput, type ModelName, type Principal } from '../domain/index.ts';
import {
  insertRerun,
  lockReruns,
  type RerunRow,
  type Run,
  rerunsOf,
  type StandingRun,
  standingRuns,
  type Tx,
} from '../storage/index.ts';
import type { QueueingContext } from './context.ts';
import { obstacleTo, queueAgain } from './queue-again.ts';

/** What is to be run again: everything that rests on a check's word from a time on. */
export const RerunWish = z.strictObject({
  check: z.string().min(1).max(128),
  since: Instant,
  /** Also runs that the check failed, wrongly perhaps. */
  failed: z.boolean().default(false),
  /** Also what was queued for this version of the check before. */
  again: z.boolean().default(false),
  /** Only tell what would be queued. */
  dryRun: z.boolean().default(false),
});
export type RerunWish = z.infer<typeof RerunWish>;

/** A run that is queued, or would be, in the place of another. */
export interface QueuedRerun extends ModelName {
  /** Null where nothing was queued. */
  readonly runId: string | null;
  readonly ofRun: string;
}

/** A run that is not queued again, and why. */
export interface SkippedRerun extends ModelName {
  readonly ofRun: string;
  readonly reason: string;
}

/** What came of a wish. */
export interface RerunReport {
  readonly check: string;
  /** The version with which they are run. */
  readonly version: string;
  readonly since: Instant;
  readonly dryRun: boolean;
  readonly queued: readonly QueuedRerun[];
  readonly skipped: readonly SkippedRerun[];
}

/**
 * Queues again what rests on a check's word, as new attempts with the same submission. Submitter and authors stay who
 * they were: whoever asks gains and loses no right to approve, and is recorded beside. Asked again, it queues nothing
 * more. All of it commits together.
 *
 * @throws CountersignError `not_found` for a check that there is not; `invalid_input` for a time to come
 */
export async function rerunCheck(
  ctx: QueueingContext,
  wish: RerunWish,
  askedBy: Principal,
): Promise<RerunReport> {
  const version = versionOf(ctx, wish.check);
  if (wish.since > ctx.clock.now())
    throw invalidInput('the rerun', [{ where: 'since', message: `${wish.since} is still to come` }]);
  return ctx.db.transaction().execute(async (tx) => {
    await lockReruns(tx);
    const before = wish.again ? [] : await rerunsOf(tx, wish.check, version);
    const queued: QueuedRerun[] = [];
    const skipped: SkippedRerun[] = [];
    for (const standing of await standingRuns(tx, wish)) {
      const { id: ofRun, modelId, modelVersion } = standing.run;
      const reason = await obstacle(ctx, standing, before);
      if (reason !== null) skipped.push({ modelId, modelVersion, ofRun, reason });
      else {
        const runId = wish.dryRun ? null : await queue(tx, ctx, standing.run, { ...wish, version, askedBy });
        queued.push({ modelId, modelVersion, runId, ofRun });
      }
    }
    const { check, since, dryRun } = wish;
    return { check, version, since, dryRun, queued, skipped };
  });
}

function versionOf({ checkVersions }: QueueingContext, check: string): string {
  const version = checkVersions.get(check);
  if (version !== undefined) return version;
  const fix = `known checks: ${[...checkVersions.keys()].join(', ')}`;
  throw new CountersignError('not_found', `there is no check ${JSON.stringify(check)}`, {
    problems: [{ where: 'check', message: 'it is not known', fix }],
  });
}

/** Why a run is not queued again; null where nothing stands in the way. */
async function obstacle(
  ctx: QueueingContext,
  { run, underWay }: StandingRun,
  before: readonly RerunRow[],
): Promise<string | null> {
  if (underWay !== null) return `run ${underWay} of it is under way`;
  const done = before.find(({ runId, ofRun }) => ofRun === run.id || runId === run.id);
  if (done !== undefined)
    return `run ${done.runId} was queued for this version of the check at ${done.askedAt}`;
  return obstacleTo(ctx, run);
}

async function queue(
  tx: Tx,
  ctx: QueueingContext,
  run: Run,
  wish: RerunWish & { readonly version: string; readonly askedBy: Principal },
): Promise<string> {
  const runId = await queueAgain(tx, ctx, run);
  const { check, version: checkVersion, since, askedBy } = wish;
  const askedAt = ctx.clock.now();
  await insertRerun(tx, { runId, ofRun: run.id, check, checkVersion, since, askedBy, askedAt });
  return runId;
}
