import type { Instant, MessageRef } from '../../domain/index.ts';
import type { SlackClient } from './client.ts';
import type { Message } from './message.ts';

/** Where a message stands, or should. */
export interface MessagePlace {
  /** By id. */
  readonly channel: string;
  /** Null while nobody has confirmed that it was posted. */
  readonly posted: MessageRef | null;
  /** When it can have been posted at the earliest. */
  readonly since: Instant;
  /** The `ts` of the message in whose thread it is posted; null or absent for none. */
  readonly thread?: string | null;
}

/**
 * Posts a message, or updates the one that stands. One that was posted just before a crash is found by its metadata and
 * taken over; one that somebody deleted is posted anew.
 */
export async function showMessage(
  client: SlackClient,
  place: MessagePlace,
  message: Message,
): Promise<MessageRef> {
  const standing = place.posted ?? (await lookFor(client, place, message));
  if (standing !== null && (await client.update(standing, message)) === 'updated') return standing;
  return client.post(place.channel, message, place.thread ?? undefined);
}

async function lookFor(
  client: SlackClient,
  { channel, since, thread }: MessagePlace,
  { metadata }: Message,
): Promise<MessageRef | null> {
  return metadata === undefined
    ? null
    : client.findPosted({ channel, since, thread: thread ?? '' }, metadata);
}
