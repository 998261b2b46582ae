import { modelName } from '../../../domain/index.ts';
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
import { answerHistory } from './history.ts';
import { type GovernanceQuery, parseQuery } from './parse.ts';
import { answerPending } from './pending.ts';
import { answerSearch } from './search.ts';
import { answerStatus } from './status.ts';
import { answerVerify } from './verify.ts';

/** The answer to what somebody wrote behind the command, or to a button that stands for it. Asks only, changes nothing. */
export async function answerText(ctx: BotContext, text: string): Promise<Message> {
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
    case 'override':
      // Only who gives the command can be shown its form.
      return note(
        'Nothing was overridden.',
        `Give the command itself: ${code(`${GOVERNANCE_COMMAND.command} override ${modelName(query)}`, 300)}`,
      );
    case 'pending':
      return answerPending(ctx, query.page);
    case 'history':
      return answerHistory(ctx, query);
    case 'search':
      return answerSearch(ctx, query);
    case 'verify':
      return answerVerify(ctx, query);
    case 'acknowledge':
    case 'mute':
    case 'renew':
      // It changes something, and so it never comes this way.
      return helpReply(GOVERNANCE_COMMAND.command, null, null);
    case 'help':
      return helpReply(GOVERNANCE_COMMAND.command, query.unknown, query.meant);
    case 'invalid':
      return correction(query);
  }
}

function correction({ what, why, example: given }: Extract<GovernanceQuery, { kind: 'invalid' }>): Message {
  const start = what === '' ? '' : `${code(what, 150)} is not understood: `;
  const example = code(`${GOVERNANCE_COMMAND.command} ${given ?? 'status fraud-detection@4.1.2'}`, 100);
  return note(`${start}${escaped(why, 300)}.`, `For example: ${example}`);
}
