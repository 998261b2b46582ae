import type { z } from 'zod';
import type { Instant, SlackAccount } from '../domain/index.ts';
import { MINUTE, SECOND } from '../lib/index.ts';
import { type Message, troubleNote } from '../notify/index.ts';
import { finishAction, giveUp, type waitingAction } from '../services/index.ts';
import type { BotContext } from './context.ts';
import { reasonOf } from './failure.ts';

/** An action that waits in the inbox. */
export type Waiting = NonNullable<Awaited<ReturnType<typeof waitingAction>>>;

/** What became of an action: a word for the inbox, and what its person is told. */
export interface Outcome {
  readonly word: string;
  readonly message: Message;
}

/** Who did something, and where they are told what became of it. */
interface Done {
  readonly account: SlackAccount;
  readonly channel: string | null;
}

/** For how long a failing action is tried again before its person is told that nothing came of it. */
const PATIENCE = 10 * SECOND;
/** After so long nothing is begun any more: its person has gone on, and may have done something else since. */
const LATEST = 15 * MINUTE;

/**
 * Does what waits in the inbox, tells its person what became of it and notes the outcome. Safe to do again: what was done
 * once is found again by the row's id, and an answer that did not arrive is given again.
 */
export async function conclude<Action extends Done>(
  ctx: BotContext,
  row: Waiting,
  schema: z.ZodType<Action>,
  answer: (action: Action) => Promise<Outcome>,
): Promise<void> {
  const { id } = row;
  const read = schema.safeParse(row.payload);
  if (!read.success) {
    ctx.logger.error('an action in the inbox is not understood', { inbox: id });
    return finishAction(ctx.services, id, 'not_understood');
  }
  const { account, channel } = read.data;
  const { word, message } = await patiently(ctx, row, () => answer(read.data));
  if (!(await ctx.slack.tell(account.user, channel, message)))
    ctx.logger.warn('nobody could be told what became of an action', { inbox: id, outcome: word });
  await finishAction(ctx.services, id, word);
}

const FAILED: Outcome = { word: 'failed', message: troubleNote('temporary_failure') };

/** While there is patience, a failure is the queue's to try again; after that it is given up, and nothing comes of it. */
async function patiently(
  { services, logger }: BotContext,
  { id, receivedAt }: Waiting,
  answer: () => Promise<Outcome>,
): Promise<Outcome> {
  const waited = sinceThen(receivedAt, services.clock.now());
  if (waited >= LATEST && (await giveUp(services, id))) return FAILED;
  try {
    return await answer();
  } catch (error) {
    logger.error('an action could not be taken', { inbox: id, waited, reason: reasonOf(error) });
    if (waited < PATIENCE || !(await giveUp(services, id))) throw error;
    return FAILED;
  }
}

function sinceThen(then: Instant, now: Instant): number {
  return Date.parse(now) - Date.parse(then);
}
