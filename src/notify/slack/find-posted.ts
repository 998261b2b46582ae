import { z } from 'zod';
import type { Instant, MessageRef } from '../../domain/index.ts';
import type { Call } from './calls.ts';
import { failureOf, isPassing } from './failure.ts';
import type { MessageMetadata } from './message.ts';

/** Where to look for a message of ours. */
export interface SearchPlace {
  /** By id. */
  readonly channel: string;
  /** The message in whose thread to look; in the channel itself where empty or not given. */
  readonly thread?: string;
  /** When it can have been posted at the earliest. */
  readonly since: Instant;
}

/** What came of looking for a message. `unreadable` where its history may not be read, or is too long to be read. */
export type Search = MessageRef | 'absent' | 'unreadable';

const Page = z.object({
  messages: z.array(z.object({ ts: z.string(), metadata: z.unknown().optional() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).nullish(),
});

/** Seconds by which Slack's clock and ours may differ. */
const CLOCK_MARGIN = 300;
const MOST_PAGES = 10;

/** Looks for a message by what it shows. @throws SlackFailure when Slack may tell a little later */
export async function findPosted(
  call: Call,
  { channel, thread = '', since }: SearchPlace,
  metadata: MessageMetadata,
): Promise<Search> {
  const oldest = String(Math.floor(Date.parse(since) / 1000) - CLOCK_MARGIN);
  const place = thread === '' ? { channel } : { channel, ts: thread };
  const method = thread === '' ? 'conversations.history' : 'conversations.replies';
  let cursor: string | undefined;
  try {
    for (let page = 0; page < MOST_PAGES; page++) {
      const args = { ...place, oldest, limit: 200, include_all_metadata: true, cursor };
      const { messages, response_metadata } = await call(method, args, Page);
      const found = messages.find((candidate) => isSame(candidate.metadata, metadata));
      if (found !== undefined) return { channel, ts: found.ts };
      cursor = response_metadata?.next_cursor || undefined;
      if (cursor === undefined) return 'absent';
    }
    return 'unreadable';
  } catch (error) {
    const failure = failureOf(method, error);
    if (isPassing(failure)) throw failure;
    return 'unreadable';
  }
}

function isSame(found: unknown, { event_type, event_payload }: MessageMetadata): boolean {
  const wanted = z.object({
    event_type: z.literal(event_type),
    event_payload: z.record(z.string(), z.unknown()),
  });
  const read = wanted.safeParse(found);
  return (
    read.success &&
    Object.entries(event_payload).every(([key, value]) => read.data.event_payload[key] === value)
  );
}
