import { overrideCard, showMessage } from '../../notify/index.ts';
import { overrideCardIn, overrideStatus, showPosting } from '../../services/index.ts';
import type { BotContext } from '../context.ts';

/** Posts an override's card into the approval channel, or brings it up to date where it stands. */
export async function showOverrideCard(ctx: BotContext, overrideId: string): Promise<void> {
  const { override } = await overrideStatus(ctx.services, overrideId);
  const channel = await ctx.slack.channelId(ctx.settings.approvalChannel);
  const { id: presentationId } = await overrideCardIn(ctx.services, overrideId, channel);
  await showPosting(ctx.services, presentationId, async ({ channel: place, standsIn, ts }) => {
    // Read under the posting's lock: of two updates at once, the later one shows the later state.
    const status = await overrideStatus(ctx.services, overrideId);
    const posted = ts === null ? null : { channel: standsIn ?? place, ts };
    return showMessage(
      ctx.slack,
      { channel: place, posted, since: override.grantedAt },
      overrideCard({ ...status, presentationId, nameOf: ctx.nameOf }),
    );
  });
}
