import type { ModelName } from '../../../domain/index.ts';
import { type Message, notEndingNote, troubleNote } from '../../../notify/index.ts';
import { endingFinding } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { reasonOf, troubleOf } from '../../failure.ts';
import { keepHandling } from '../../handling.ts';
import type { CommandCall } from '../../payload.ts';
import type { Acknowledge } from '../listener.ts';

/** `/governance renew …`: what the button of the alert does that says that governance ends, or has. */
export async function renewByCommand(
  ctx: BotContext,
  { account, channel, triggerId }: CommandCall,
  name: ModelName,
  acknowledge: Acknowledge,
): Promise<void> {
  const said = { type: 'handle_finding', action: 'renew', account, channel } as const;
  const key = `command:${account.team}/${account.user}:${triggerId}`;
  const told = await keep(ctx, name, (findingId) => keepHandling(ctx, key, { ...said, findingId }));
  await acknowledge();
  if (told !== null) await ctx.slack.tell(account.user, channel, told);
}

async function keep(
  ctx: BotContext,
  name: ModelName,
  keepFor: (findingId: number) => Promise<Message | null>,
): Promise<Message | null> {
  try {
    const findingId = await endingFinding(ctx.services, name);
    return findingId === null ? notEndingNote(name) : await keepFor(findingId);
  } catch (error) {
    ctx.logger.error('a command could not be taken', { reason: reasonOf(error) });
    return troubleNote(troubleOf(error));
  }
}
