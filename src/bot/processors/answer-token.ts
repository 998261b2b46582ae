import { tokenAnswerNote } from '../../notify/index.ts';
import { answerForToken, personalToken, refreshPeople } from '../../services/index.ts';
import { conclude, type Outcome, type Waiting } from '../conclude.ts';
import type { BotContext } from '../context.ts';
import { rolesContext } from '../roles.ts';
import { TokenAction } from '../token-action.ts';

/** Takes a person's word about a token. One that they disown is revoked, and whoever runs the service learns of it. */
export function answerToken(ctx: BotContext, row: Waiting): Promise<void> {
  return conclude(ctx, row, TokenAction, (action) => answer(ctx, row.id, action));
}

async function answer(
  ctx: BotContext,
  source: string,
  { account, tokenId, isMine }: TokenAction,
): Promise<Outcome> {
  const person = ctx.services.directory.personOfSlack(account);
  if (person !== null && isMine) await refreshPeople(rolesContext(ctx), [person]);
  const outcome = await answerForToken(ctx.services, { tokenId, account, isMine, source });
  const token = outcome === 'denied' ? await personalToken(ctx.services, tokenId) : null;
  if (token !== null) logDenial(ctx, token);
  return { word: `token_${outcome}`, message: tokenAnswerNote(outcome) };
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
