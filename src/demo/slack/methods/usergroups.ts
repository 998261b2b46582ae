import { requiredText, yes } from '../arguments.ts';
import { SlackApiError } from '../error.ts';
import type { JsonObject } from '../json.ts';
import type { WorkspaceState } from '../state.ts';
import type { SlackUsergroup } from '../types.ts';
import type { Method } from './method.ts';

const list: Method = ({ state }, args) => {
  requirePaidPlan(state);
  const groups = [...state.usergroups.values()].filter((group) =>
    shown(group, yes(args, 'include_disabled')),
  );
  return { usergroups: groups.map((group) => wireGroup(state, group, yes(args, 'include_users'))) };
};

const members: Method = ({ state }, args) => {
  requirePaidPlan(state);
  const group = state.usergroups.get(requiredText(args, 'usergroup'));
  if (group === undefined || !shown(group, yes(args, 'include_disabled')))
    throw new SlackApiError('no_such_subteam');
  return { users: activeIn(state, group) };
};

/** User groups and who is in them. */
export const usergroupMethods: Readonly<Record<string, Method>> = {
  'usergroups.list': list,
  'usergroups.users.list': members,
};

/** Throws `plan_upgrade_required`. */
function requirePaidPlan(state: WorkspaceState): void {
  if (state.team.plan === 'free') throw new SlackApiError('plan_upgrade_required');
}

function shown(group: SlackUsergroup, includeDisabled: boolean): boolean {
  return includeDisabled || group.disabled !== true;
}

/** Slack takes deactivated people out of every group. */
function activeIn(state: WorkspaceState, group: SlackUsergroup): readonly string[] {
  return group.userIds.filter((id) => state.users.get(id)?.deleted !== true);
}

function wireGroup(state: WorkspaceState, group: SlackUsergroup, withUsers: boolean): JsonObject {
  const users = activeIn(state, group);
  return {
    id: group.id,
    team_id: state.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name ?? group.handle,
    handle: group.handle,
    date_delete: group.disabled === true ? 1 : 0,
    user_count: users.length,
    ...(withUsers ? { users } : {}),
  };
}
