import { SlackApiError } from './error.ts';
import type { Channel, WorkspaceState } from './state.ts';
import type { SlackUser } from './types.ts';

/** The channel with this id. Throws `channel_not_found`. */
export function channelById(state: WorkspaceState, id: string): Channel {
  const channel = state.channels.get(id);
  if (channel === undefined) throw new SlackApiError('channel_not_found');
  return channel;
}

/** The channel meant by an id, a name, `#name`, or the id of a user (his direct message). Throws `channel_not_found`. */
export function channelMeant(state: WorkspaceState, reference: string): Channel {
  const name = reference.replace(/^#/, '');
  const named = [...state.channels.values()].find(
    (channel) => channel.directUser === undefined && channel.name === name,
  );
  if (named !== undefined && !state.channels.has(reference)) return named;
  return state.users.has(reference) ? openDirect(state, reference) : channelById(state, reference);
}

/** The direct message between the app and a user, opened if need be. Throws `user_not_found`, `cannot_dm_bot`, `user_disabled`. */
export function openDirect(state: WorkspaceState, userId: string): Channel {
  const user = userById(state, userId);
  if (user.isBot === true) throw new SlackApiError('cannot_dm_bot');
  const open = directOf(state, userId);
  if (open !== undefined) return open;
  if (user.deleted === true) throw new SlackApiError('user_disabled');
  const members = new Set([userId, state.app.botUserId]);
  const id = state.ids.next('D');
  const channel: Channel = { id, name: 'directmessage', isPrivate: true, directUser: userId, members };
  state.channels.set(id, channel);
  return channel;
}

/** The direct message of a user, where one is open. */
export function directOf(state: WorkspaceState, userId: string): Channel | undefined {
  return [...state.channels.values()].find((channel) => channel.directUser === userId);
}

/** The user with this id. Throws `user_not_found`. */
export function userById(state: WorkspaceState, id: string): SlackUser {
  const user = state.users.get(id);
  if (user === undefined) throw new SlackApiError('user_not_found');
  return user;
}

/** Whether a user can see a channel: a member always, others only where it is public and they are not guests. */
export function canSee(channel: Channel, user: SlackUser): boolean {
  return channel.members.has(user.id) || (!channel.isPrivate && user.guest !== true);
}
