import { setTimeout as wait } from 'node:timers/promises';
import { SECOND } from '../../../lib/index.ts';
import { type Message, troubleNote } from '../../../notify/index.ts';
import type { BotContext } from '../../context.ts';
import { reasonOf } from '../../failure.ts';
import type { Click } from '../../payload.ts';

/** Has a form opened, and tells whoever clicked why it is not; `open` returns what to tell, null where it is open. */
export async function showForm(
  ctx: BotContext,
  { account, channel }: Click,
  open: () => Promise<Message | null>,
): Promise<void> {
  let told: Message | null;
  try {
    told = await Promise.race([open(), tooLate()]);
  } catch (error) {
    ctx.logger.error('a form could not be opened', { reason: reasonOf(error) });
    told = troubleNote('temporary_failure');
  }
  if (told !== null) await ctx.slack.tell(account.user, channel, told);
}

/** Slack lets no form be opened after three seconds: whatever makes it wait, the person is told. */
async function tooLate(): Promise<Message> {
  await wait(2.8 * SECOND, undefined, { ref: false });
  return troubleNote('modal_expired');
}
