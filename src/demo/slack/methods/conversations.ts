import { type Arguments, optionalText, requiredText, words, yes } from '../arguments.ts';
import { channelById, directOf, openDirect } from '../channels.ts';
import { SlackApiError } from '../error.ts';
import type { JsonObject } from '../json.ts';
import { messageAt, wireMessage } from '../messages.ts';
import type { Channel, WorkspaceState } from '../state.ts';
import type { SlackMessage } from '../types.ts';
import { requireMember } from './chat.ts';
import type { Method } from './method.ts';
import { type Page, pageOf } from './paging.ts';

const info: Method = ({ state }, args) => {
  const channel = channelById(state, requiredText(args, 'channel'));
  const count = yes(args, 'include_num_members') ? { num_members: channel.members.size } : {};
  return { channel: { ...wireChannel(state, channel), ...count } };
};

const list: Method = ({ state }, args) => {
  const types = words({ types: optionalText(args, 'types') ?? 'public_channel' }, 'types');
  const channels = [...state.channels.values()].filter((channel) => types.includes(typeOf(channel)));
  const page = pageOf(channels, args, 100);
  const found = page.items.map((channel) => wireChannel(state, channel));
  return { channels: found, response_metadata: { next_cursor: page.nextCursor } };
};

const open: Method = ({ state }, args) => {
  const known = optionalText(args, 'channel');
  const users = words(args, 'users');
  if (known === undefined && users.length !== 1) throw new SlackApiError('users_list_not_supplied');
  const wasOpen = known !== undefined || directOf(state, users[0] ?? '') !== undefined;
  const channel = known === undefined ? openDirect(state, users[0] ?? '') : channelById(state, known);
  const body = yes(args, 'return_im') ? wireChannel(state, channel) : { id: channel.id };
  return { ...(wasOpen ? { no_op: true, already_open: true } : {}), channel: body };
};

const members: Method = ({ state }, args) => {
  const channel = channelById(state, requiredText(args, 'channel'));
  const page = pageOf([...channel.members], args, 100);
  return { members: page.items, response_metadata: { next_cursor: page.nextCursor } };
};

const history: Method = ({ state }, args) => {
  const channel = channelById(state, requiredText(args, 'channel'));
  requireMember(state, channel);
  const found = messagesOf(state, channel).filter((message) => isTop(message) && inWindow(message, args));
  const page = pageOf(found.toReversed(), args, 100);
  return wirePage(page, args, (message) => threadFacts(state, message));
};

const replies: Method = ({ state }, args) => {
  const channel = channelById(state, requiredText(args, 'channel'));
  requireMember(state, channel);
  const root = messageAt(state, channel.id, requiredText(args, 'ts'));
  const thread = [root, ...repliesTo(state, root)].filter((message) => inWindow(message, args));
  return wirePage(pageOf(thread, args, 100), args, () => ({}));
};

/** Channels, direct messages and what was said in them. */
export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.info': info,
  'conversations.list': list,
  'conversations.open': open,
  'conversations.members': members,
  'conversations.history': history,
  'conversations.replies': replies,
};

function messagesOf(state: WorkspaceState, channel: Channel): readonly SlackMessage[] {
  return state.messages.get(channel.id) ?? [];
}

function isTop(message: SlackMessage): boolean {
  return message.thread_ts === undefined || message.subtype === 'thread_broadcast';
}

function repliesTo(state: WorkspaceState, root: SlackMessage): readonly SlackMessage[] {
  return (state.messages.get(root.channel) ?? []).filter((one) => one.thread_ts === root.ts);
}

function threadFacts(state: WorkspaceState, message: SlackMessage): JsonObject {
  const replies = repliesTo(state, message);
  const latest = replies.at(-1);
  if (latest === undefined) return {};
  return { thread_ts: message.ts, reply_count: replies.length, latest_reply: latest.ts };
}

function inWindow(message: SlackMessage, args: Arguments): boolean {
  const ts = Number(message.ts);
  const oldest = Number(optionalText(args, 'oldest') ?? 0);
  const latest = Number(optionalText(args, 'latest') ?? Number.POSITIVE_INFINITY);
  return yes(args, 'inclusive') ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
}

function wirePage(
  page: Page<SlackMessage>,
  args: Arguments,
  extra: (message: SlackMessage) => JsonObject,
): JsonObject {
  const withMetadata = yes(args, 'include_all_metadata');
  const messages = page.items.map((one) => ({ ...wireMessage(one, withMetadata), ...extra(one) }));
  const more = page.nextCursor !== '';
  return {
    messages,
    has_more: more,
    ...(more ? { response_metadata: { next_cursor: page.nextCursor } } : {}),
  };
}

function typeOf(channel: Channel): string {
  if (channel.directUser !== undefined) return 'im';
  return channel.isPrivate ? 'private_channel' : 'public_channel';
}

function wireChannel(state: WorkspaceState, channel: Channel): JsonObject {
  if (channel.directUser !== undefined) return { id: channel.id, is_im: true, user: channel.directUser };
  return {
    id: channel.id,
    name: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_im: false,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived ?? false,
    is_ext_shared: channel.isShared ?? false,
    is_shared: channel.isShared ?? false,
    is_member: channel.members.has(state.app.botUserId),
    context_team_id: state.team.id,
  };
}
