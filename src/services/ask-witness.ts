import { SECOND } from '../lib/index.ts';
import { insertWitnessRequest } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { awaitAnswer } from './request-answer.ts';

/** For how long the exporter waits. */
const PATIENCE = 10 * SECOND;

const SILENCE =
  'the monitor does not answer: it must witness what is exported; is the surface monitor running? Try again when it is';

/**
 * Has the process that holds the monitor's key witness a view, and waits for it: this process may have been broken into, and
 * must not be able to say both.
 *
 * @throws CountersignError `unavailable` when it does not answer in time, or not now; `integrity` when it refuses
 */
export async function askWitness(
  ctx: BaseContext,
  view: string,
  patience: number = PATIENCE,
): Promise<string> {
  const id = ctx.newId();
  const askedAt = ctx.clock.now();
  await ctx.db.transaction().execute((tx) => insertWitnessRequest(tx, { id, view, askedAt }));
  return awaitAnswer(ctx.db, { table: 'witness_requests', id, patience, silence: SILENCE });
}
