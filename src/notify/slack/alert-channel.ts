import type { AlertChannel, AlertStorm, MessageRef } from '../../domain/index.ts';
import type { AlertSurroundings } from './cards/alert-facts.ts';
import { alertCard, alertNote, stormCard } from './cards/index.ts';
import type { SlackClient } from './client.ts';
import { GOVERNANCE_COMMAND } from './manifest.ts';
import type { Message } from './message.ts';
import { showMessage } from './show-message.ts';

/** How an alert channel names people, and where its readers read on. */
export type AlertChannelOptions = AlertSurroundings;

/**
 * Tells about findings in a Slack channel: one message per finding, updated in place, with its story in the thread. The
 * returned reference names the channel as it was given, which is how the posting is known; ids are looked up again each
 * time.
 */
export function createAlertChannel(
  client: SlackClient,
  channelReference: string,
  around: AlertChannelOptions,
): AlertChannel {
  const show = async (message: Message, since: string, posted: MessageRef | null): Promise<MessageRef> => {
    const reference = posted?.channel ?? channelReference;
    const channel = await client.channelId(reference);
    const standing = posted === null ? null : { channel, ts: posted.ts };
    const { ts } = await showMessage(client, { channel, posted: standing, since }, message);
    return { channel: reference, ts };
  };
  return {
    deliver: (alert, posted) => show(alertCard(alert, around), alert.firedAt, posted),
    tell: async (event, alert, root) => {
      const channel = await client.channelId(root.channel);
      const place = { channel, posted: null, since: event.at, thread: root.ts };
      const { ts } = await showMessage(client, place, alertNote(event, alert, around));
      return { channel: root.channel, ts };
    },
    deliverStorm: async (storm, posted) => {
      const messageUrls = await ownMessages(client, storm);
      const card = stormCard(storm, {
        messageUrls,
        command: GOVERNANCE_COMMAND.command,
        nameOf: around.nameOf,
      });
      return show(card, storm.beganAt, posted);
    },
  };
}

async function ownMessages(client: SlackClient, { alerts }: AlertStorm): Promise<Map<number, string>> {
  const urls = new Map<number, string>();
  for (const { id, message } of alerts) {
    if (message === null) continue;
    const url = await client.permalink({ ...message, channel: await client.channelId(message.channel) });
    if (url !== null) urls.set(id, url);
  }
  return urls;
}
