import { expiryNote } from '../../notify/index.ts';
import { alertMessage, describeAlert, whoRenews } from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { tellOnce } from '../tell-once.ts';

/** Whom to tell of which end, and for which warning. */
export interface ExpiryTelling {
  readonly findingId: number;
  /** Days before the end, as text. */
  readonly warning: string;
}

/**
 * Tells those whom the end of a model version's governance concerns, each directly and once for each warning. A warning
 * that is told late, when the next one is due or the end has moved, is told no more.
 */
export async function tellExpiry(ctx: BotContext, { findingId, warning }: ExpiryTelling): Promise<void> {
  const alert = await describeAlert(ctx.services, findingId);
  const expiry = alert?.finding.expiry;
  if (alert === null || expiry === undefined || alert.state === 'resolved') return;
  if (String(expiry.warning) !== warning) return;
  const { owners, approvers, roles } = await whoRenews(ctx.services, expiry.runId);
  const posted = await alertMessage(ctx.services, findingId);
  for (const person of new Set([...owners, ...approvers]))
    await tellOnce(ctx, {
      person,
      news: `finding ${findingId} ends ${expiry.until} in ${warning}`,
      since: alert.firedAt,
      say: async (notice) => {
        const cardUrl = posted === null ? null : await permalinkOf(ctx, posted);
        return expiryNote({ notice, alert, expiry, owners, roles, cardUrl, nameOf: ctx.nameOf });
      },
    });
}

/** The alert's channel may be known by its name. */
async function permalinkOf({ slack }: BotContext, { channel, ts }: { channel: string; ts: string }) {
  return slack.permalink({ channel: await slack.channelId(channel), ts });
}
