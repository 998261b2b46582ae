import { z } from 'zod';
import { CountersignError, isChannelId } from '../../domain/index.ts';
import type { Call } from './calls.ts';

/** Finds channels by name. */
export interface ChannelBook {
  /** @throws CountersignError `not_found`, SlackFailure */
  idOf(reference: string): Promise<string>;
}

const Page = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string().optional() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

const MOST_PAGES = 50;

/** A book that remembers the ids it has found. Slack takes names in few places, and a channel can be renamed. */
export function createChannelBook(call: Call): ChannelBook {
  const known = new Map<string, string>();
  return {
    idOf: async (reference) => {
      if (isChannelId(reference)) return reference;
      const name = reference.replace(/^#/, '');
      const id = known.get(name) ?? (await search(call, name));
      known.set(name, id);
      return id;
    },
  };
}

async function search(call: Call, name: string): Promise<string> {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const args = { types: 'public_channel,private_channel', exclude_archived: true, limit: 500, cursor };
    const { channels, response_metadata } = await call('conversations.list', args, Page);
    const found = channels.find((channel) => channel.name === name);
    if (found !== undefined) return found.id;
    cursor = response_metadata?.next_cursor || undefined;
    if (cursor === undefined) break;
  }
  throw new CountersignError(
    'not_found',
    `the bot sees no Slack channel #${name}: create it, or invite the bot to it, or give the channel's id`,
  );
}
