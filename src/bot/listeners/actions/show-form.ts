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
    told = await open();
  } catch (error) {
    ctx.logger.error('a form could not be opened', { reason: reasonOf(error) });
    told = troubleNote('temporary_failure');
  }
  if (told !== null) await ctx.slack.tell(account.user, channel, told);
}
