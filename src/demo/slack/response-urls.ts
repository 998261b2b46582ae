import { readContent } from './content.ts';
import { changeEphemeral, removeEphemeral } from './ephemerals.ts';
import { SlackApiError } from './error.ts';
import type { JsonObject } from './json.ts';
import { changeMessage, postEphemeral, postMessage, removeMessage } from './messages.ts';
import type { ResponseUrl, WorkspaceState } from './state.ts';

/** How long a `response_url` works, in milliseconds. */
const responseLifeMs = 30 * 60 * 1000;

/** How often a `response_url` works. */
const responseUses = 5;

/** Issues the path of a `response_url`. */
export function issueResponseUrl(
  state: WorkspaceState,
  kind: 'actions' | 'commands',
  grant: Omit<ResponseUrl, 'issuedAt' | 'uses'>,
): string {
  const path = `/${kind}/${state.team.id}/${state.ids.next('')}/${state.ids.secret()}`;
  state.responseUrls.set(path, { ...grant, issuedAt: state.clock(), uses: 0 });
  return path;
}

/**
 * Does what a message sent to a `response_url` asks for.
 * Throws `Expired url` (so spelt by Slack) after 30 minutes, `used_url` after 5 uses, and the errors of `readContent`.
 */
export function useResponseUrl(state: WorkspaceState, path: string, body: JsonObject): void {
  const grant = state.responseUrls.get(path);
  if (grant === undefined) throw new SlackApiError('invalid_url');
  const age = state.clock().getTime() - grant.issuedAt.getTime();
  if (age > responseLifeMs) throw new SlackApiError('Expired url');
  if (grant.uses >= responseUses) throw new SlackApiError('used_url');
  answerInteraction(state, grant, body);
  state.responseUrls.set(path, { ...grant, uses: grant.uses + 1 });
}

/** Does what an answer to an interaction or a command asks for. Throws the errors of `readContent` and `no_text`. */
export function answerInteraction(state: WorkspaceState, grant: ResponseUrl, body: JsonObject): void {
  const { original } = grant;
  if (body['delete_original'] === true && original !== undefined) {
    removeOriginal(state, grant, original);
    return;
  }
  const content = readContent(state, body);
  if (body['replace_original'] === true && original !== undefined) {
    if (original.ephemeral) changeEphemeral(state, original.ts, content);
    else changeMessage(state, grant.channelId, original.ts, content);
    return;
  }
  if (content.text === undefined && content.blocks === undefined) throw new SlackApiError('no_text');
  const whole = { text: '', blocks: [], ...content };
  if (body['response_type'] === 'in_channel') postMessage(state, grant.channelId, whole);
  else postEphemeral(state, grant.channelId, grant.userId, whole);
}

function removeOriginal(
  state: WorkspaceState,
  grant: ResponseUrl,
  original: NonNullable<ResponseUrl['original']>,
): void {
  if (original.ephemeral) removeEphemeral(state, original.ts);
  else removeMessage(state, grant.channelId, original.ts);
}
