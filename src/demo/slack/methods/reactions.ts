import { requiredText } from '../arguments.ts';
import { channelById } from '../channels.ts';
import { SlackApiError } from '../error.ts';
import { messageAt, replaceMessage } from '../messages.ts';
import { requireMember } from './chat.ts';
import type { Method } from './method.ts';

const add: Method = ({ state }, args) => {
  const channel = channelById(state, requiredText(args, 'channel'));
  requireMember(state, channel);
  const message = messageAt(state, channel.id, requiredText(args, 'timestamp'));
  const name = requiredText(args, 'name').replaceAll(':', '');
  const others = (message.reactions ?? []).filter((one) => one.name !== name);
  const users = (message.reactions ?? []).find((one) => one.name === name)?.users ?? [];
  if (users.includes(state.app.botUserId)) throw new SlackApiError('already_reacted');
  const reacted = { name, users: [...users, state.app.botUserId], count: users.length + 1 };
  replaceMessage(state, { ...message, reactions: [...others, reacted] });
  return {};
};

/** Emoji under messages. */
export const reactionMethods: Readonly<Record<string, Method>> = { 'reactions.add': add };
