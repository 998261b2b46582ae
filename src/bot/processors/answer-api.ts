import {
  apiDecider,
  forgedTokenOf,
  takeApiAnswer,
  UNPROVEN,
  type waitingAction,
} from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { confirmForApi, confirmPersonForApi } from '../roles.ts';

/** An action that waits in the inbox. */
type Waiting = NonNullable<Awaited<ReturnType<typeof waitingAction>>>;

/**
 * Takes an answer that came by API; whoever sent it waits for the outcome. Slack is asked for roles and accounts first,
 * but not for long: without it, what it last said decides, for as long as that may.
 */
export async function answerApi(ctx: BotContext, row: Waiting): Promise<void> {
  const forged = await forgedTokenOf(ctx.services, row);
  if (forged !== null)
    ctx.logger.error(
      'a token is refused: the database says that it was confirmed, and its person never did',
      {
        token: forged,
      },
    );
  const person = await apiDecider(ctx.services, row);
  const requestId = row.payload['requestId'];
  if (person !== null && typeof requestId === 'string') await confirmForApi(ctx, { requestId, person });
  else if (person !== null) await confirmPersonForApi(ctx, person);
  if ((await takeApiAnswer(ctx.services, row)) === UNPROVEN)
    ctx.logger.error(
      'an answer by API is refused: the secret of its token did not come with it; unless the key of the bot was just replaced, somebody may be forging answers in the database',
      { inbox: row.id, token: row.payload['tokenId'] },
    );
}
