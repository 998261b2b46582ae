import { SlackApiError } from './error.ts';
import type { WorkspaceState } from './state.ts';

const anyConversation = ['channels', 'groups', 'im', 'mpim'];

const readingOf = (what: string): readonly string[] => anyConversation.map((kind) => `${kind}:${what}`);

/** For each method the bot scopes of which one is enough; none where the method takes any token. */
const methodScopes: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.delete': ['chat:write'],
  'conversations.info': readingOf('read'),
  'conversations.list': readingOf('read'),
  'conversations.members': readingOf('read'),
  'conversations.history': readingOf('history'),
  'conversations.replies': readingOf('history'),
  'conversations.open': ['channels:manage', 'groups:write', 'im:write', 'mpim:write'],
  'reactions.add': ['reactions:write'],
  'reactions.remove': ['reactions:write'],
  'reactions.get': ['reactions:read'],
  'team.info': ['team:read'],
  'bots.info': ['users:read'],
  'users.info': ['users:read'],
  'users.list': ['users:read'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
};

const everyScope = [
  ...new Set(['commands', 'metadata.message:read', ...Object.values(methodScopes).flat()]),
].sort();

/** Methods that must be told which workspace is meant where the app is installed for a whole organization. */
const ofOneWorkspace = new Set([
  'conversations.list',
  'usergroups.list',
  'usergroups.users.list',
  'users.list',
]);

/** Refuses a call that leaves open which workspace of the organization is meant. Throws `missing_argument`. */
export function requireTeam(state: WorkspaceState, method: string, teamId: string | undefined): void {
  const isOpen = state.team.isEnterpriseInstall === true && ofOneWorkspace.has(method);
  if (isOpen && teamId === undefined)
    throw new SlackApiError('missing_argument', ['[ERROR] missing required field: team_id']);
}

/** The scopes that the bot token has. */
export function grantedScopes(state: WorkspaceState): readonly string[] {
  return state.app.scopes ?? everyScope;
}

/** Refuses a method for which the bot token has no scope. Throws `missing_scope`, with what is needed and there. */
export function requireScope(state: WorkspaceState, method: string): void {
  const needed = methodScopes[method] ?? [];
  const granted = grantedScopes(state);
  if (needed.length === 0 || needed.some((scope) => granted.includes(scope))) return;
  throw new SlackApiError('missing_scope', [], { needed: needed.join(','), provided: granted.join(',') });
}
