import { tokenAnswerNote } from '../../notify/index.ts';
import { answerForToken, finishAction, refreshPeople, type waitingAction } from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { rolesContext } from '../roles.ts';
import { TokenAction } from '../token-action.ts';

/** An action that waits in the inbox. */
type Waiting = NonNullable<Awaited<ReturnType<typeof waitingAction>>>;

/**
 * Takes a person's word about a token, and tells them what became of it. A token that its person disowns is revoked,
 * and whoever runs the service learns of it. Repeating it changes nothing.
 */
export async function answerToken(ctx: BotContext, { id, payload }: Waiting): Promise<void> {
  const action = TokenAction.safeParse(payload);
  if (!action.success) {
    ctx.logger.error('an action in the inbox is not understood', { inbox: id });
    return finishAction(ctx.services, id, 'not_understood');
  }
  const { account, channel, tokenId, isMine } = action.data;
  const person = ctx.services.directory.personOfSlack(account);
  if (person !== null && isMine) await refreshPeople(rolesContext(ctx), [person]);
  const answer = await answerForToken(ctx.services, { tokenId, account, isMine });
  if (answer.outcome === 'denied') logDenial(ctx, answer.token);
  if (!(await ctx.slack.tell(account.user, channel, tokenAnswerNote(answer.outcome))))
    ctx.logger.warn('nobody could be told what became of an action', { inbox: id, outcome: answer.outcome });
  await finishAction(ctx.services, id, `token_${answer.outcome}`);
}

/** One that was confirmed before is no alarm: its person needs it no longer. */
function logDenial(
  { logger }: BotContext,
  {
    id,
    subject,
    issuedBy,
    createdAt,
    confirmedAt,
  }: { id: string; subject: string; issuedBy: string; createdAt: string; confirmedAt: string | null },
): void {
  const fields = { token: id, subject, issuedBy, createdAt };
  if (confirmedAt === null)
    logger.error('a token was made in the name of somebody who disowns it, and is revoked', fields);
  else logger.warn('a token was revoked by its person', fields);
}
