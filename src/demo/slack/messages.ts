import { SlackApiError } from './error.ts';
import type { JsonObject } from './json.ts';
import type { WorkspaceState } from './state.ts';
import type { SlackEphemeral, SlackMessage } from './types.ts';

/** What a message says. */
export interface MessageContent {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly attachments?: readonly JsonObject[];
  readonly metadata?: JsonObject;
  readonly thread_ts?: string;
  /** `thread_broadcast` for a reply that shows in the channel too. */
  readonly subtype?: string;
}

/** What an update changes; a field left out stays as it was. */
export type MessageChange = Partial<Omit<MessageContent, 'thread_ts' | 'subtype'>>;

/** Posts a message of the app. */
export function postMessage(state: WorkspaceState, channel: string, content: MessageContent): SlackMessage {
  return append(state, { ...base(state, channel), ...content, ...appMarks(state) });
}

/** Posts a message of a person. */
export function postAs(
  state: WorkspaceState,
  channel: string,
  user: string,
  text: string,
  threadTs?: string,
): SlackMessage {
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  return append(state, { ...base(state, channel), user, text, blocks: [], ...thread });
}

/** Shows a message of the app to one user alone. */
export function postEphemeral(
  state: WorkspaceState,
  channel: string,
  recipient: string,
  content: MessageContent,
): SlackEphemeral {
  const message = { ...base(state, channel), ...content, ...appMarks(state), recipient };
  state.ephemerals.push(message);
  state.feed.announce();
  return message;
}

/** The message with this timestamp. Throws `message_not_found`. */
export function messageAt(state: WorkspaceState, channel: string, ts: string): SlackMessage {
  const message = state.messages.get(channel)?.find((one) => one.ts === ts);
  if (message === undefined) throw new SlackApiError('message_not_found');
  return message;
}

/** Changes a message and marks it as edited by the app. Throws `message_not_found`. */
export function changeMessage(
  state: WorkspaceState,
  channel: string,
  ts: string,
  change: MessageChange,
): SlackMessage {
  const edited = { user: state.app.botUserId, ts: state.ids.ts() };
  return replaceMessage(state, { ...messageAt(state, channel, ts), ...change, edited });
}

/** Puts a message in the place of the one with its timestamp. */
export function replaceMessage(state: WorkspaceState, message: SlackMessage): SlackMessage {
  const list = state.messages.get(message.channel) ?? [];
  state.messages.set(
    message.channel,
    list.map((one) => (one.ts === message.ts ? message : one)),
  );
  state.feed.announce();
  return message;
}

/** Takes a message away. Throws `message_not_found`. */
export function removeMessage(state: WorkspaceState, channel: string, ts: string): void {
  messageAt(state, channel, ts);
  const list = state.messages.get(channel) ?? [];
  state.messages.set(
    channel,
    list.filter((one) => one.ts !== ts),
  );
  state.feed.announce();
}

/** A message as the Web API gives it: without its channel, and with metadata only for who asks. */
export function wireMessage(message: SlackMessage, withMetadata = true): JsonObject {
  const { channel: _channel, metadata, ...wire } = message;
  const shown = withMetadata && metadata !== undefined && Object.keys(metadata).length > 0;
  return { ...wire, ...(shown ? { metadata } : {}) };
}

function base(state: WorkspaceState, channel: string) {
  return { type: 'message' as const, channel, ts: state.ids.ts(), team: state.team.id };
}

function append(state: WorkspaceState, message: SlackMessage): SlackMessage {
  state.messages.set(message.channel, [...(state.messages.get(message.channel) ?? []), message]);
  state.feed.announce();
  return message;
}

function appMarks(state: WorkspaceState) {
  const { id, name, botId, botUserId } = state.app;
  const profile = { id: botId, app_id: id, user_id: botUserId, name, deleted: false, team_id: state.team.id };
  return { user: botUserId, bot_id: botId, app_id: id, bot_profile: profile };
}
