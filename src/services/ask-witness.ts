import { CountersignError } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';
import { insertWitnessRequest, type WitnessAnswer, witnessAnswer } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { waitFor } from './wait-for.ts';

/** For how long the exporter waits. */
const PATIENCE = 10 * SECOND;

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
  const answer = await waitFor(() => witnessAnswer(ctx.db, id), patience);
  if (answer !== null) return readAnswer(answer);
  throw new CountersignError(
    'unavailable',
    'the monitor does not answer: it must witness what is exported; is the surface monitor running? Try again when it is',
  );
}

function readAnswer({ outcome, word }: WitnessAnswer): string {
  switch (outcome) {
    case 'witnessed':
      return word;
    case 'refused':
      throw new CountersignError('integrity', word);
    case 'not_now':
      throw new CountersignError('unavailable', word);
  }
}
