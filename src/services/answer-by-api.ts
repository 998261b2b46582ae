import { CountersignError } from '../domain/index.ts';
import { later, SECOND } from '../lib/index.ts';
import type { ApiOutcome, ApiRefusal, ApiWish } from './api-answer.ts';
import type { BaseContext } from './context.ts';
import { outcomeOf, receiveByApi } from './receive-action.ts';
import { waitFor } from './wait-for.ts';

/** For how long the caller waits, and for how long an answer that was not taken yet may still be. */
const PATIENCE = 10 * SECOND;
const GOOD_FOR = 30 * SECOND;

/**
 * Hands an answer to the process that holds the key of the approvals and asks Slack who holds which role, and waits for
 * what becomes of it. This process can sign nothing.
 * @throws CountersignError `unavailable` when nobody takes it in time; `not_found`
 */
export async function answerByApi<Wish extends ApiWish>(
  ctx: BaseContext,
  wish: Wish,
  patience: number = PATIENCE,
): Promise<ApiOutcome<ApiRefusal<Wish>>> {
  const until = later(ctx.clock.now(), GOOD_FOR);
  const id = await receiveByApi(ctx, { ...wish, until });
  const word = await waitFor(() => outcomeOf(ctx, id), patience);
  return readOutcome(word, until);
}

function readOutcome<Refusal extends string>(word: string | null, until: string): ApiOutcome<Refusal> {
  const [outcome, detail = ''] = (word ?? '').split(':');
  switch (outcome) {
    case 'recorded':
    case 'repeated':
    case 'withdrawn':
    case 'unusable':
      return { word: outcome };
    case 'refused':
      return { word: outcome, refusal: detail as Refusal };
    case '':
      throw new CountersignError(
        'unavailable',
        `nobody has taken the answer yet: is the surface bot running? It may still be taken until ${until}; look at the request, or send the same again, which counts once`,
      );
    default:
      throw new CountersignError('unavailable', 'nothing was recorded; try again in a moment');
  }
}
