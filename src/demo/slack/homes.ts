import { directOf, openDirect } from './channels.ts';
import { SlackApiError } from './error.ts';
import type { JsonObject } from './json.ts';
import { buildView } from './modals.ts';
import type { WorkspaceState } from './state.ts';
import type { SlackUser, SlackView } from './types.ts';

/** Replaces what a user's App Home shows. Throws `hash_conflict` where `hash` is not that of what it shows now. */
export function publishHome(
  state: WorkspaceState,
  userId: string,
  view: JsonObject,
  hash?: string | undefined,
): SlackView {
  const old = state.homes.get(userId);
  if (hash !== undefined && hash !== old?.hash) throw new SlackApiError('hash_conflict');
  const id = old?.id ?? state.ids.next('V');
  const home = buildView(state, view, { id, root_view_id: id, previous_view_id: null });
  state.homes.set(userId, home);
  state.feed.announce();
  return home;
}

/** The event that a user opened a tab of the app; with what the Home shows, where it shows something. */
export function appHomeOpened(state: WorkspaceState, user: SlackUser, tab: 'home' | 'messages'): JsonObject {
  const view = state.homes.get(user.id);
  const channel = directOf(state, user.id) ?? openDirect(state, user.id);
  return {
    type: 'app_home_opened',
    user: user.id,
    channel: channel.id,
    tab,
    event_ts: state.ids.ts(),
    ...(view !== undefined && tab === 'home' ? { view } : {}),
  };
}
