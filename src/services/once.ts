import { CountersignError } from '../domain/index.ts';
import { claimEffect, type Effect, keepEffect, type Tx } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** What is kept of an action that was given up before anything came of it. */
const GIVEN_UP: Effect = { ok: false, refusal: 'given_up' };

/**
 * Does something once for a row of the inbox, in one transaction: what came of it is committed with it, so that a job
 * which comes again, however late and whatever happened since, finds the same and changes nothing. A refusal is kept
 * too. The result may hold no words of people.
 *
 * @param source id of the inbox row; undefined where nothing repeats the action
 * @throws CountersignError `conflict` when the action was given up before
 */
export function once<Result extends Effect>(
  { db }: Pick<BaseContext, 'db'>,
  source: string | undefined,
  act: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (tx) => {
    if (source === undefined) return act(tx);
    const earlier = await claimEffect(tx, source);
    if (earlier !== null && isGivenUp(earlier))
      throw new CountersignError('conflict', `the action ${source} was given up`);
    // Kept under a name that one service alone gives, as JSON that it wrote.
    if (earlier !== null) return earlier as Result;
    const result = await act(tx);
    await keepEffect(tx, source, result);
    return result;
  });
}

/**
 * Gives an action up, unless something came of it already: from then on nothing will, not even of a try that is still
 * under way. Returns whether it is given up.
 */
export function giveUp({ db }: Pick<BaseContext, 'db'>, source: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const earlier = await claimEffect(tx, source);
    if (earlier !== null) return isGivenUp(earlier);
    await keepEffect(tx, source, GIVEN_UP);
    return true;
  });
}

function isGivenUp({ refusal }: Effect): boolean {
  return refusal === GIVEN_UP['refusal'];
}
