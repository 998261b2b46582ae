import type { AlertChannel } from '../../domain/index.ts';
import { alertCard } from './cards/index.ts';
import type { SlackClient } from './client.ts';
import { showMessage } from './show-message.ts';

/**
 * Tells about findings in a Slack channel: one message per finding, updated in place when it is resolved. The returned
 * reference names the channel as it was given, which is how the posting is known; ids are looked up again each time.
 */
export function createAlertChannel(client: SlackClient, channelReference: string): AlertChannel {
  return {
    deliver: async (alert, posted) => {
      const reference = posted?.channel ?? channelReference;
      const channel = await client.channelId(reference);
      const place = {
        channel,
        posted: posted === null ? null : { channel, ts: posted.ts },
        since: alert.firedAt,
      };
      const { ts } = await showMessage(client, place, alertCard(alert));
      return { channel: reference, ts };
    },
  };
}
