import { addToOutbox, insertRun, type Run, type Tx } from '../storage/index.ts';
import type { QueueingContext } from './context.ts';
import { type DraftedRun, sealRun } from './run-seal.ts';

/** Stores a draft as the attempt after the latest of its submission, sealed, with the job that executes it. */
export async function queueRun(
  tx: Tx,
  ctx: QueueingContext,
  draft: DraftedRun,
  latest: Pick<Run, 'attempt'> | null,
): Promise<Run> {
  const run = sealRun(ctx, { ...draft, attempt: (latest?.attempt ?? 0) + 1 });
  await insertRun(tx, run);
  const job = { queue: 'runs', name: 'execute-run', payload: { runId: run.id } } as const;
  await addToOutbox(tx, job, ctx.clock.now());
  return run;
}
