import { CountersignError } from '../domain/index.ts';
import { later, SECOND } from '../lib/index.ts';
import type { ApiOutcome, ApiRefusal, ApiWish } from './api-answer.ts';
import type { BaseContext } from './context.ts';
import { outcomeOf, receiveByApi } from './receive-action.ts';
import type { ProofContext } from './token-proof.ts';
import { waitFor } from './wait-for.ts';

/** For how long the caller waits, and for how long an answer that was not taken yet may still be. */
const PATIENCE = 10 * SECOND;
const GOOD_FOR = 30 * SECOND;

/**
 * Hands an answer to the process that holds the key of the approvals and asks Slack who holds which role, and waits for
 * what becomes of it. This process can sign nothing.
 * @param secret of the token that the wish names: what proves to the bot that its holder asked
 * @throws CountersignError `unavailable` when nobody takes it in time, or the bot could not read the proof; `not_found`
 */
export async function answerByApi<Wish extends ApiWish>(
  ctx: BaseContext & ProofContext,
  wish: Wish,
  secret: string,
  patience: number = PATIENCE,
): Promise<ApiOutcome<ApiRefusal<Wish>>> {
  const until = later(ctx.clock.now(), GOOD_FOR);
  const id = await receiveByApi(ctx, { ...wish, until }, secret);
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
      if (detail === 'unproven') throw unproven();
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

/** Of an honest caller: their proof was sealed to a key that the bot has no more. */
function unproven(): CountersignError {
  return new CountersignError(
    'unavailable',
    'nothing was recorded: the bot could not read the proof of the token, as happens while its key is replaced; send the same again',
  );
}
