import {
  code,
  escaped,
  GOVERNANCE_COMMAND,
  helpReply,
  type Message,
  note,
  troubleNote,
} from '../../../notify/index.ts';
import type { BotContext } from '../../context.ts';
import { reasonOf } from '../../failure.ts';
import { type CommandCall, readCommand } from '../../payload.ts';
import type { Listener } from '../listener.ts';
import { type GovernanceQuery, parseQuery } from './parse.ts';
import { answerPending } from './pending.ts';
import { answerStatus } from './status.ts';

/** `/governance …`: acknowledged at once, answered for the eyes of who asked. */
export const onGovernance: Listener = async (ctx, { body, acknowledge }) => {
  await acknowledge();
  const call = readCommand(body);
  if (call !== null) await reply(ctx, call, await answer(ctx, call));
};

async function answer(ctx: BotContext, { text }: CommandCall): Promise<Message> {
  try {
    return await answerQuery(ctx, parseQuery(text));
  } catch (error) {
    ctx.logger.error('a command could not be answered', { reason: reasonOf(error) });
    return troubleNote('lookup_failed');
  }
}

async function answerQuery(ctx: BotContext, query: GovernanceQuery): Promise<Message> {
  switch (query.kind) {
    case 'status':
      return answerStatus(ctx, query);
    case 'pending':
      return answerPending(ctx);
    case 'help':
      return helpReply(GOVERNANCE_COMMAND.command, query.unknown);
    case 'invalid':
      return correction(query);
  }
}

function correction({ what, why }: Extract<GovernanceQuery, { kind: 'invalid' }>): Message {
  const start = what === '' ? '' : `${code(what, 150)} is not understood: `;
  const example = code(`${GOVERNANCE_COMMAND.command} status fraud-detection@4.1.2`, 100);
  return note(`${start}${escaped(why, 300)}.`, `For example: ${example}`);
}

/** At the place where the command was given; should that fail, directly. */
async function reply(ctx: BotContext, call: CommandCall, message: Message): Promise<void> {
  if (await ctx.slack.respond(call.responseUrl, message)) return;
  if (!(await ctx.slack.tell(call.account.user, call.channel, message)))
    ctx.logger.warn('a command could not be answered where it was given');
}
