import { requiredText } from '../arguments.ts';
import { userById } from '../channels.ts';
import type { JsonObject } from '../json.ts';
import type { WorkspaceState } from '../state.ts';
import type { SlackUser } from '../types.ts';
import type { Method } from './method.ts';
import { pageOf } from './paging.ts';

const info: Method = ({ state }, args) => ({
  user: wireUser(state, userById(state, requiredText(args, 'user'))),
});

const list: Method = ({ state }, args) => {
  const page = pageOf([...state.users.values()], args, 1000);
  const members = page.items.map((user) => wireUser(state, user));
  return { members, response_metadata: { next_cursor: page.nextCursor } };
};

/** Looking up people. */
export const userMethods: Readonly<Record<string, Method>> = { 'users.info': info, 'users.list': list };

function wireUser(state: WorkspaceState, user: SlackUser): JsonObject {
  const teamId = user.teamId ?? state.team.id;
  return {
    id: user.id,
    team_id: teamId,
    name: user.name,
    real_name: user.realName,
    deleted: user.deleted ?? false,
    tz: user.tz ?? 'Etc/UTC',
    is_bot: user.isBot ?? false,
    is_app_user: false,
    is_restricted: user.guest ?? false,
    is_ultra_restricted: false,
    is_stranger: teamId !== state.team.id,
    profile: { real_name: user.realName, display_name: user.name, team: teamId },
  };
}
