import type { FindingStep } from '../domain/index.ts';
import {
  findingEventBySource,
  insertFindingEvent,
  lockFinding,
  lockReruns,
  type RunState,
  type Tx,
} from '../storage/index.ts';
import type { QueueingContext } from './context.ts';
import { submissionOf } from './describe-alert.ts';
import { obstacleTo, queueAgain } from './queue-again.ts';
import { queueDelivery } from './queue-news.ts';

/**
 * Does what somebody asked for on an alert: queues the submission of the bytes that it sees as a new attempt, or notes
 * why not. What came of it is told in the alert's thread. Doing it again for the same asking changes nothing.
 */
export async function runAgain(
  ctx: QueueingContext,
  { findingId, asking }: { readonly findingId: number; readonly asking: string },
): Promise<void> {
  const source = `answer ${asking}`;
  await ctx.db.transaction().execute(async (tx) => {
    await lockReruns(tx);
    if ((await findingEventBySource(tx, source)) !== null) return;
    const step = await attempt(tx, ctx, findingId);
    if (step === null) return;
    const at = ctx.clock.now();
    await insertFindingEvent(tx, { finding: findingId, step, at, source });
    await queueDelivery(tx, findingId, at);
  });
}

/** States in which a run has yet to say whether the bytes are governed. */
const UNDER_WAY: Readonly<Partial<Record<RunState, string>>> = {
  queued: 'is queued already',
  running: 'is under way',
  awaiting_approval: 'waits for its approvals: answer on its card',
};

/** In words how a run that has yet to say whether the bytes are governed stands; null for one that has. */
export function stateUnderWay(state: RunState): string | null {
  return UNDER_WAY[state] ?? null;
}

async function attempt(tx: Tx, ctx: QueueingContext, findingId: number): Promise<FindingStep | null> {
  const row = await lockFinding(tx, findingId);
  if (row === null) return null;
  if (row.state === 'resolved') return refused('the finding is resolved by now');
  const run = await submissionOf({ db: tx }, row);
  if (run === null) return refused('these bytes were never submitted under this name: submit them first');
  const underWay = stateUnderWay(run.state);
  if (underWay !== null && run.stands) return refused(`run ${run.id} of it ${underWay}`);
  const obstacle = await obstacleTo(ctx, run);
  if (obstacle !== null) return refused(obstacle);
  return { kind: 'run_queued', runId: await queueAgain(tx, ctx, run), ofRun: run.id };
}

function refused(reason: string): FindingStep {
  return { kind: 'run_refused', reason };
}
