import type { Message } from '../../../notify/index.ts';
import type { BotContext } from '../../context.ts';
import { type CommandCall, readCommand } from '../../payload.ts';
import type { Listener } from '../listener.ts';
import { answerText } from './answer.ts';
import { handleByCommand } from './handle.ts';
import { takeOrder } from './order.ts';
import { openOverride } from './override.ts';
import { parseQuery } from './parse.ts';
import { renewByCommand } from './renew.ts';

/** `/governance …`: acknowledged at once, answered for the eyes of who asked. */
export const onGovernance: Listener = async (ctx, { body, acknowledge }) => {
  const call = readCommand(body);
  if (call === null) return acknowledge();
  const query = parseQuery(call.text);
  const taken = await takeOrder(ctx, call);
  if (taken !== 'not_ours') {
    await acknowledge();
    return taken === 'kept' ? undefined : reply(ctx, call, taken);
  }
  if (query.kind === 'mute' || query.kind === 'acknowledge')
    return handleByCommand(ctx, call, query, acknowledge);
  if (query.kind === 'renew') return renewByCommand(ctx, call, query, acknowledge);
  await acknowledge();
  const message =
    query.kind === 'override' ? await openOverride(ctx, call, query) : await answerText(ctx, call.text);
  if (message !== null) await reply(ctx, call, message);
};

/** At the place where the command was given; should that fail, directly. */
async function reply(ctx: BotContext, call: CommandCall, message: Message): Promise<void> {
  if (await ctx.slack.respond(call.responseUrl, message)) return;
  if (!(await ctx.slack.tell(call.account.user, call.channel, message)))
    ctx.logger.warn('a command could not be answered where it was given');
}
