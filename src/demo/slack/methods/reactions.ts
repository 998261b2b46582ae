import { type Arguments, requiredText } from '../arguments.ts';
import { channelById } from '../channels.ts';
import { SlackApiError } from '../error.ts';
import { messageAt, replaceMessage, wireMessage } from '../messages.ts';
import type { WorkspaceState } from '../state.ts';
import type { SlackMessage } from '../types.ts';
import { requireMember } from './chat.ts';
import type { Method } from './method.ts';

const add: Method = ({ state }, args) => {
  const { message, name, users } = reactionMeant(state, args);
  if (users.includes(state.app.botUserId)) throw new SlackApiError('already_reacted');
  putReaction(state, message, name, [...users, state.app.botUserId]);
  return {};
};

const remove: Method = ({ state }, args) => {
  const { message, name, users } = reactionMeant(state, args);
  if (!users.includes(state.app.botUserId)) throw new SlackApiError('no_reaction');
  const left = users.filter((user) => user !== state.app.botUserId);
  putReaction(state, message, name, left);
  return {};
};

const get: Method = ({ state }, args) => {
  const channel = channelById(state, requiredText(args, 'channel'));
  const message = messageAt(state, channel.id, requiredText(args, 'timestamp'));
  return { type: 'message', channel: channel.id, message: wireMessage(message) };
};

/** Emoji under messages. */
export const reactionMethods: Readonly<Record<string, Method>> = {
  'reactions.add': add,
  'reactions.remove': remove,
  'reactions.get': get,
};

function reactionMeant(state: WorkspaceState, args: Arguments) {
  const channel = channelById(state, requiredText(args, 'channel'));
  requireMember(state, channel);
  const message = messageAt(state, channel.id, requiredText(args, 'timestamp'));
  const name = requiredText(args, 'name').replaceAll(':', '');
  const users = (message.reactions ?? []).find((one) => one.name === name)?.users ?? [];
  return { message, name, users };
}

function putReaction(
  state: WorkspaceState,
  message: SlackMessage,
  name: string,
  users: readonly string[],
): void {
  const others = (message.reactions ?? []).filter((one) => one.name !== name);
  const own = users.length === 0 ? [] : [{ name, users, count: users.length }];
  replaceMessage(state, { ...message, reactions: [...others, ...own] });
}
