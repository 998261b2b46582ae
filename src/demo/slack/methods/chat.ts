import { type Arguments, optionalText, requiredText, yes } from '../arguments.ts';
import { channelById, channelMeant, userById } from '../channels.ts';
import { type GivenContent, isEmpty, longestUpdate, readContent } from '../content.ts';
import { SlackApiError } from '../error.ts';
import type { JsonObject } from '../json.ts';
import { longestMessageBlocks } from '../limits/index.ts';
import {
  changeMessage,
  messageAt,
  postEphemeral,
  postMessage,
  removeMessage,
  wireMessage,
} from '../messages.ts';
import type { Channel, WorkspaceState } from '../state.ts';
import type { SlackMessage } from '../types.ts';
import type { Method } from './method.ts';

const post: Method = ({ state }, args) => {
  const channel = channelMeant(state, requiredText(args, 'channel'));
  requireMember(state, channel);
  const content = readContent(state, args);
  if (isEmpty(content)) throw new SlackApiError('no_text');
  refuseBulk(content.blocks);
  const message = postMessage(state, channel.id, { ...complete(content), ...threadOf(args) });
  return { channel: channel.id, ts: message.ts, message: wireMessage(message) };
};

const update: Method = ({ state }, args) => {
  const channel = channelById(state, requiredText(args, 'channel'));
  const ts = requiredText(args, 'ts');
  requireOwn(state, messageAt(state, channel.id, ts), 'cant_update_message');
  const content = readContent(state, args, longestUpdate);
  const untouched =
    content.text === undefined && content.blocks === undefined && content.attachments === undefined;
  if (untouched && content.metadata === undefined) throw new SlackApiError('no_text');
  refuseBulk(content.blocks);
  const message = changeMessage(state, channel.id, ts, content);
  return { channel: channel.id, ts, text: message.text, message: wireMessage(message) };
};

const ephemeral: Method = ({ state }, args) => {
  const channel = channelMeant(state, requiredText(args, 'channel'));
  requireMember(state, channel);
  const user = userById(state, requiredText(args, 'user'));
  if (!channel.members.has(user.id)) throw new SlackApiError('user_not_in_channel');
  const content = readContent(state, args);
  if (isEmpty(content)) throw new SlackApiError('no_text');
  const message = postEphemeral(state, channel.id, user.id, { ...complete(content), ...threadOf(args) });
  return { message_ts: message.ts };
};

const remove: Method = ({ state }, args) => {
  const channel = channelById(state, requiredText(args, 'channel'));
  const ts = requiredText(args, 'ts');
  requireOwn(state, messageAt(state, channel.id, ts), 'cant_delete_message');
  removeMessage(state, channel.id, ts);
  return { channel: channel.id, ts };
};

const permalink: Method = ({ state, origin }, args) => {
  const channel = channelById(state, requiredText(args, 'channel'));
  const { ts } = messageAt(state, channel.id, requiredText(args, 'message_ts'));
  return { channel: channel.id, permalink: `${origin}/?channel=${channel.id}#m-${channel.id}-${ts}` };
};

/** Posting, changing and deleting messages. */
export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': post,
  'chat.update': update,
  'chat.postEphemeral': ephemeral,
  'chat.delete': remove,
  'chat.getPermalink': permalink,
};

/** The app must be a member of a channel that is in use. Throws `not_in_channel`, `is_archived`. */
export function requireMember(state: WorkspaceState, channel: Channel): void {
  if (!channel.members.has(state.app.botUserId)) throw new SlackApiError('not_in_channel');
  if (channel.isArchived === true) throw new SlackApiError('is_archived');
}

function requireOwn(state: WorkspaceState, message: SlackMessage, code: string): void {
  if (message.app_id !== state.app.id) throw new SlackApiError(code);
}

function complete(content: GivenContent) {
  return { text: '', blocks: [], ...content };
}

function threadOf(args: Arguments) {
  const thread_ts = optionalText(args, 'thread_ts');
  if (thread_ts === undefined) return {};
  if (!/^\d{10}\.\d{6}$/.test(thread_ts)) throw new SlackApiError('invalid_thread_ts');
  return { thread_ts, ...(yes(args, 'reply_broadcast') ? { subtype: 'thread_broadcast' } : {}) };
}

function refuseBulk(blocks: readonly JsonObject[] | undefined): void {
  const size = JSON.stringify(blocks ?? []).length;
  if (size > longestMessageBlocks) throw new SlackApiError('msg_blocks_too_long');
}
