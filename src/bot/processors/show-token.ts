import { showMessage, tokenCard } from '../../notify/index.ts';
import { personalToken, showPosting, tokenNoticeIn } from '../../services/index.ts';
import type { BotContext } from '../context.ts';

/**
 * Asks a token's person, in their direct messages, whether it is theirs; afterwards the same message says how the token
 * stands. Nothing is sent about one that ended before anybody was asked.
 */
export async function showToken(ctx: BotContext, tokenId: string): Promise<void> {
  const { services, settings, slack } = ctx;
  const token = await personalToken(services, tokenId);
  if (token === null) return;
  const account = services.directory.slackOf(token.person).find(({ team }) => team === settings.team);
  if (account === undefined) {
    ctx.logger.error('nobody can confirm a token: its person has no account in this workspace', {
      token: tokenId,
      person: token.person,
    });
    return;
  }
  const channel = await slack.directChannel(account.user);
  const { id: notice } = await tokenNoticeIn(services, tokenId, channel);
  await showPosting(services, notice, async (posting) => {
    // Read under the posting's lock, so that an older state never comes last.
    const now = await personalToken(services, tokenId);
    if (now === null || (posting.ts === null && now.state !== 'waiting')) return null;
    const posted = posting.ts === null ? null : { channel, ts: posting.ts };
    return showMessage(slack, { channel, posted, since: now.createdAt }, tokenCard(notice, now));
  });
}
