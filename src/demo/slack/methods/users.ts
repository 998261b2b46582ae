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
    ...zoneOf(state, user),
    is_bot: user.isBot ?? false,
    is_app_user: false,
    is_restricted: user.guest ?? user.singleChannelGuest ?? false,
    is_ultra_restricted: user.singleChannelGuest ?? false,
    is_stranger: teamId !== state.team.id,
    ...organizationOf(state, user),
    profile: { real_name: user.realName, display_name: user.name, team: teamId },
  };
}

/** Slack leaves the time zone out for people who are gone. */
function zoneOf(state: WorkspaceState, user: SlackUser): JsonObject {
  if (user.deleted === true) return {};
  const tz = user.tz ?? 'Etc/UTC';
  const named = (timeZoneName: 'long' | 'longOffset'): string =>
    new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName })
      .formatToParts(state.clock())
      .find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d+):(\d+)/.exec(named('longOffset')) ?? [];
  const seconds = (Number(hours) * 60 + Number(minutes)) * 60;
  return { tz, tz_label: named('long'), tz_offset: sign === '-' ? -seconds : seconds };
}

/** On Enterprise Grid an account belongs to the organization, and to workspaces through it. */
function organizationOf(state: WorkspaceState, user: SlackUser): JsonObject {
  const { enterprise, id } = state.team;
  if (enterprise === undefined || (user.teamId ?? id) !== id) return {};
  const enterprise_user = {
    id: user.id,
    enterprise_id: enterprise.id,
    enterprise_name: enterprise.name,
    is_admin: false,
    is_owner: false,
    teams: [id],
  };
  return { enterprise_user };
}
