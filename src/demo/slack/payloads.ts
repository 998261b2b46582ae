import type { JsonObject } from './json.ts';
import type { Channel, WorkspaceState } from './state.ts';
import type { SlackUser, SlackView } from './types.ts';

/** Slack's old verification token, which nobody should trust; payloads still carry it. */
const legacyToken = 'deprecated-verification-token';

/** Fields that every interaction payload has. The team is the one of the acting person; null where the whole organization has the app. */
function commonFields(state: WorkspaceState, user: SlackUser): JsonObject {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: teamOf(state, user) },
    team: isOrgWide(state)
      ? null
      : { id: teamOf(state, user), domain: domainOf(state, user), ...organizationOf(state, user) },
    api_app_id: state.app.id,
    token: legacyToken,
    enterprise: isHome(state, user) ? (state.team.enterprise ?? null) : null,
    is_enterprise_install: isOrgWide(state),
  };
}

/** A click: `block_actions`. */
export function blockActions(
  state: WorkspaceState,
  user: SlackUser,
  click: { readonly trigger: string; readonly place: JsonObject; readonly action: JsonObject },
): JsonObject {
  return {
    type: 'block_actions',
    ...commonFields(state, user),
    trigger_id: click.trigger,
    ...click.place,
    actions: [{ ...click.action, action_ts: state.ids.ts() }],
  };
}

/** A modal that was sent off: `view_submission`. */
export function viewSubmission(
  state: WorkspaceState,
  user: SlackUser,
  trigger: string,
  view: SlackView,
): JsonObject {
  return {
    type: 'view_submission',
    ...commonFields(state, user),
    trigger_id: trigger,
    view,
    response_urls: [],
  };
}

/** A modal that was closed: `view_closed`. */
export function viewClosed(
  state: WorkspaceState,
  user: SlackUser,
  view: SlackView,
  cleared: boolean,
): JsonObject {
  return { type: 'view_closed', ...commonFields(state, user), view, is_cleared: cleared };
}

/** The form of a slash command. */
export function slashCommand(
  state: WorkspaceState,
  user: SlackUser,
  command: {
    readonly name: string;
    readonly text: string;
    readonly channel: Channel;
    readonly trigger: string;
    readonly responseUrl: string;
  },
): Readonly<Record<string, string>> {
  return {
    token: legacyToken,
    team_id: teamOf(state, user),
    team_domain: domainOf(state, user),
    channel_id: command.channel.id,
    channel_name: command.channel.name,
    user_id: user.id,
    user_name: user.name,
    command: command.name,
    text: command.text,
    ...organizationOf(state, user),
    api_app_id: state.app.id,
    is_enterprise_install: String(isOrgWide(state)),
    response_url: command.responseUrl,
    trigger_id: command.trigger,
  };
}

/** One event of the Events API: `event_callback`. */
export function eventCallback(state: WorkspaceState, event: JsonObject, eventId: string): JsonObject {
  const seconds = Math.floor(state.clock().getTime() / 1000);
  const enterpriseId = state.team.enterprise?.id ?? null;
  const bot = { enterprise_id: enterpriseId, team_id: state.team.id, user_id: state.app.botUserId };
  return {
    token: legacyToken,
    team_id: state.team.id,
    context_team_id: state.team.id,
    context_enterprise_id: enterpriseId,
    ...(enterpriseId === null ? {} : { enterprise_id: enterpriseId }),
    api_app_id: state.app.id,
    event,
    type: 'event_callback',
    event_id: eventId,
    event_time: seconds,
    authorizations: [{ ...bot, is_bot: true, is_enterprise_install: isOrgWide(state) }],
    is_ext_shared_channel: isShared(state, event),
    event_context: `4-${eventId}`,
  };
}

/** Slack names the organization beside each workspace that belongs to one. */
function organizationOf(state: WorkspaceState, user: SlackUser): Readonly<Record<string, string>> {
  const { enterprise } = state.team;
  if (enterprise === undefined || !isHome(state, user)) return {};
  return { enterprise_id: enterprise.id, enterprise_name: enterprise.name };
}

function isHome(state: WorkspaceState, user: SlackUser): boolean {
  return teamOf(state, user) === state.team.id;
}

function isOrgWide(state: WorkspaceState): boolean {
  return state.team.isEnterpriseInstall ?? false;
}

function isShared(state: WorkspaceState, event: JsonObject): boolean {
  return state.channels.get(String(event['channel']))?.isShared ?? false;
}

function teamOf(state: WorkspaceState, user: SlackUser): string {
  return user.teamId ?? state.team.id;
}

function domainOf(state: WorkspaceState, user: SlackUser): string {
  return teamOf(state, user) === state.team.id ? state.team.domain : teamOf(state, user).toLowerCase();
}
