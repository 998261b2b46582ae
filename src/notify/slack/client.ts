import { z } from 'zod';
import { type AccountSource, CountersignError, type MessageRef } from '../../domain/index.ts';
import { accountSource } from './accounts.ts';
import type { ModalView } from './block.ts';
import { type Call, interactiveCalls, noticeCalls, type SlackConnection, turnCalls } from './calls.ts';
import type { HomeView } from './cards/index.ts';
import { createChannelBook } from './channels.ts';
import { failureOf, isPassing, unavailable } from './failure.ts';
import { findPosted, type Search, type SearchPlace } from './find-posted.ts';
import type { Message, MessageMetadata } from './message.ts';
import { awaitTurn, createLocalPacer } from './pacing.ts';
import { respondTo } from './respond.ts';

/** What we do in Slack. Every function throws CountersignError `unavailable` when Slack cannot be had or refuses. */
export interface SlackClient {
  /** The id of a channel given by id or name. @throws CountersignError `not_found` when the bot sees none of the name */
  channelId(reference: string): Promise<string>;
  /** The channel in which the bot and a person talk, by id. */
  directChannel(user: string): Promise<string>;
  /** Posts to a channel, by id; in the thread of the message with a `ts` where one is given. */
  post(channel: string, message: Message, thread?: string): Promise<MessageRef>;
  /** Replaces what a message of ours says; `gone` when it was deleted or cannot be changed any more. */
  update(ref: MessageRef, message: Message): Promise<'updated' | 'gone'>;
  /** A message of ours in a channel or a thread since an instant, by what it shows; null also where history may not be read. */
  findPosted(place: SearchPlace, metadata: MessageMetadata): Promise<MessageRef | null>;
  /**
   * Waits for the channel's turn and then does some work in it, so that the work says how things stand at that moment.
   * @throws SlackFailure, and nothing is tried twice: `ratelimited` when the turn does not come soon
   */
  inTurn<T>(channel: string, work: (calls: TurnCalls) => Promise<T>): Promise<T>;
  /** Tells one person, in the channel for their eyes only, else in a direct message; false when neither is possible. */
  tell(user: string, channel: string | null, message: Message): Promise<boolean>;
  /** Answers a command where it was given, for the eyes of who gave it; false when the answer comes too late. */
  respond(responseUrl: string, message: Message, way?: 'beside' | 'replace'): Promise<boolean>;
  /** Shows somebody's Home tab. */
  publishHome(user: string, view: HomeView): Promise<void>;
  /** Opens a modal for who clicked; `expired` when Slack no longer lets us. */
  openModal(triggerId: string, view: ModalView): Promise<'opened' | 'expired'>;
  /** The address of a message; null when there is none. */
  permalink(ref: MessageRef): Promise<string | null>;
  /** Who is in a user group, and what kind of account somebody has. */
  readonly accounts: AccountSource;
}

/** What is done in a channel's turn. Every function throws SlackFailure, and tries once. */
export interface TurnCalls {
  /** Posts to the channel, or to the thread of a message in it where one is named. */
  post(message: Message, thread: string): Promise<MessageRef>;
  /** Replaces what a message of ours says; `gone` when it was deleted or cannot be changed any more. */
  update(ref: MessageRef, message: Message): Promise<'updated' | 'gone'>;
  /** Looks for a message of ours by what it shows. */
  findPosted(place: SearchPlace, metadata: MessageMetadata): Promise<Search>;
}

const Posted = z.object({ channel: z.string(), ts: z.string() });
const Opened = z.object({ channel: z.object({ id: z.string() }) });
const Anything = z.object({});
const Permalink = z.object({ permalink: z.string() });

/** Connects to Slack's Web API. Nothing is sent before it is asked for. */
export function createSlackClient(given: SlackConnection): SlackClient {
  const connection = { ...given, pacer: given.pacer ?? createLocalPacer() };
  const interactive = interactiveCalls(connection);
  const notices = noticeCalls(connection);
  const inTurn = turnCalls(connection);
  const channels = createChannelBook(notices);
  return {
    channelId: (reference) => orUnavailable(channels.idOf(reference)),
    directChannel: (user) =>
      orUnavailable(notices('conversations.open', { users: user }, Opened)).then(({ channel }) => channel.id),
    post: (channel, message, thread) =>
      orUnavailable(notices('chat.postMessage', { channel, thread_ts: thread, ...sent(message) }, Posted)),
    update: (ref, message) => orUnavailable(update(notices, ref, message)),
    findPosted: (place, metadata) => orUnavailable(refOrNull(findPosted(notices, place, metadata))),
    inTurn: async (channel, work) => {
      await awaitTurn(connection.pacer, 'a call', channel);
      return work(callsInTurn(inTurn(channel), channel));
    },
    tell: (user, channel, message) => orUnavailable(tell(interactive, user, channel, message)),
    respond: (responseUrl, message, way) => respondTo(responseUrl, message, way),
    publishHome: (user, view) => orUnavailable(publishHome(interactive, user, view)),
    openModal: (triggerId, view) => orUnavailable(openModal(interactive, triggerId, view)),
    permalink: (ref) => permalink(notices, ref),
    accounts: accountSource(interactive),
  };
}

async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof CountersignError ? error : unavailable(failureOf('a call', error));
  }
}

/** No link is unfolded and no name turned into a mention: what was escaped stays escaped. */
function sent({ text, blocks, metadata, isLoud }: Message): Readonly<Record<string, unknown>> {
  const loud = isLoud === true ? { reply_broadcast: true } : {};
  return { text, blocks, metadata, ...loud, unfurl_links: false, unfurl_media: false, link_names: false };
}

const GONE = ['message_not_found', 'cant_update_message', 'edit_window_closed'];

async function update(
  call: Call,
  { channel, ts }: MessageRef,
  message: Message,
): Promise<'updated' | 'gone'> {
  const { text, blocks, metadata } = message;
  try {
    await call('chat.update', { channel, ts, text, blocks, metadata }, Anything);
    return 'updated';
  } catch (error) {
    if (GONE.includes(failureOf('chat.update', error).code)) return 'gone';
    throw error;
  }
}

function callsInTurn(call: Call, channel: string): TurnCalls {
  return {
    post: (message, thread) => {
      const place = thread === '' ? { channel } : { channel, thread_ts: thread };
      return call('chat.postMessage', { ...place, ...sent(message) }, Posted);
    },
    update: (ref, message) => update(call, ref, message),
    findPosted: (place, metadata) => findPosted(call, place, metadata),
  };
}

async function refOrNull(search: Promise<Search>): Promise<MessageRef | null> {
  const found = await search;
  return typeof found === 'string' ? null : found;
}

async function tell(call: Call, user: string, channel: string | null, message: Message): Promise<boolean> {
  const { text, blocks } = message;
  return (
    (channel !== null &&
      (await isDone(call('chat.postEphemeral', { channel, user, text, blocks }, Anything)))) ||
    (await isDone(call('chat.postMessage', { channel: user, ...sent(message) }, Anything)))
  );
}

/** Whether Slack did it; throws where it may do it a little later. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    const failure = failureOf('a call', error);
    if (isPassing(failure)) throw failure;
    return false;
  }
}

async function publishHome(call: Call, user_id: string, view: HomeView): Promise<void> {
  await call('views.publish', { user_id, view }, Anything);
}

const EXPIRED = [
  'expired_trigger_id',
  'exchanged_trigger_id',
  'invalid_trigger_id',
  'trigger_expired',
  'trigger_exchanged',
];

async function openModal(call: Call, trigger_id: string, view: ModalView): Promise<'opened' | 'expired'> {
  try {
    await call('views.open', { trigger_id, view }, Anything);
    return 'opened';
  } catch (error) {
    if (EXPIRED.includes(failureOf('views.open', error).code)) return 'expired';
    throw error;
  }
}

async function permalink(call: Call, { channel, ts }: MessageRef): Promise<string | null> {
  try {
    return (await call('chat.getPermalink', { channel, message_ts: ts }, Permalink)).permalink;
  } catch {
    return null;
  }
}
