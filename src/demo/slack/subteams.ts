import { SlackApiError } from './error.ts';
import type { JsonObject } from './json.ts';
import type { WorkspaceState } from './state.ts';

/** Says who is in a user group; gives the event that tells of it. Throws `no_such_subteam`. */
export function changeMembers(state: WorkspaceState, id: string, userIds: readonly string[]): JsonObject {
  const group = state.usergroups.get(id);
  if (group === undefined) throw new SlackApiError('no_such_subteam');
  state.usergroups.set(id, { ...group, userIds });
  state.feed.announce();
  const added = userIds.filter((user) => !group.userIds.includes(user));
  const removed = group.userIds.filter((user) => !userIds.includes(user));
  const seconds = Math.floor(state.clock().getTime() / 1000);
  return {
    type: 'subteam_members_changed',
    subteam_id: id,
    team_id: state.team.id,
    date_previous_update: seconds,
    date_update: seconds,
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
    event_ts: state.ids.ts(),
  };
}
