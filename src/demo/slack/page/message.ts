import { type JsonObject, objectsAt, stringAt } from '../json.ts';
import type { WorkspaceState } from '../state.ts';
import type { SlackMessage, SlackUser } from '../types.ts';
import { type BlockView, renderBlocks } from './blocks.ts';
import { inWords } from './dates.ts';
import { renderElement } from './elements.ts';
import { withEmoji } from './emoji.ts';
import { escapeHtml, type Html, html, type Part, raw } from './html.ts';
import { type Reader, renderMrkdwn } from './mrkdwn.ts';

/** Who looks at the page. */
export interface Viewer extends Reader, Pick<BlockView, 'directory' | 'element'> {
  readonly user: SlackUser;
}

/** The viewer that a user is. */
export function viewerOf(state: WorkspaceState, user: SlackUser): Viewer {
  return {
    user,
    timeZone: user.tz ?? 'Etc/UTC',
    now: Math.floor(state.clock().getTime() / 1000),
    directory: state,
    element: renderElement,
    userName: (id) => state.users.get(id)?.realName,
    channelName: (id) => state.channels.get(id)?.name,
    groupName: (id) => state.usergroups.get(id)?.handle,
  };
}

/** One message as a list item; replies come inside. */
export function renderMessage(
  message: SlackMessage,
  viewer: Viewer,
  options: { readonly ephemeral: boolean; readonly replies: readonly Html[] },
): Html {
  const key = `m-${message.channel}-${message.ts}`;
  const name = viewer.userName(message.user) ?? message.user;
  const { ephemeral, replies } = options;
  return html`<li class="message${ephemeral ? ' ephemeral' : ''}" id="${key}">
<span class="avatar hue${hueOf(message.user)}" aria-hidden="true">${initialOf(name)}</span>
<div class="body">
${ephemeral && html`<p class="only-you">Only visible to you</p>`}
<p class="byline"><strong>${name}</strong>${message.bot_id && html` <span class="tag">APP</span>`}
${renderTime(message.ts, viewer)}${message.edited && html` <span class="edited">(edited)</span>`}</p>
${renderContent(message, key, viewer)}
${renderReactions(message)}
${replies.length > 0 && html`<p class="replies">${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}</p><ol class="thread" aria-label="Replies">${replies}</ol>`}
</div></li>`;
}

function renderContent(message: SlackMessage, key: string, viewer: Viewer): Part {
  const place = { as: viewer.user.id, channel: message.channel, ts: message.ts };
  const view = { ...viewer, place, key, insideForm: false };
  const attachments = message.attachments ?? [];
  const body =
    message.blocks.length > 0
      ? renderBlocks(message.blocks, view)
      : html`<div class="b-text">${renderMrkdwn(message.text, viewer)}</div>`;
  return [
    body,
    ...attachments.map((one) => renderAttachment(one, (blocks) => renderBlocks(blocks, view), viewer)),
  ];
}

function renderAttachment(
  attachment: JsonObject,
  blocks: (blocks: readonly JsonObject[]) => Html,
  viewer: Viewer,
): Html {
  const color = colorOf(stringAt(attachment, 'color'));
  const text = stringAt(attachment, 'text');
  return html`<div class="attachment"><svg class="bar" aria-hidden="true"><rect width="4" height="100%" rx="2" fill="${color}"/></svg>
<div>${text && html`<div class="b-text">${renderMrkdwn(text, viewer)}</div>`}${blocks(objectsAt(attachment, 'blocks'))}</div></div>`;
}

function colorOf(color: string | undefined): string {
  const named = new Map([
    ['good', '#2eb886'],
    ['warning', '#daa038'],
    ['danger', '#a30200'],
  ]).get(color ?? '');
  if (named !== undefined) return named;
  return /^#?[0-9a-f]{6}$/i.test(color ?? '') ? `#${color?.replace('#', '')}` : '#bbbbbb';
}

function renderReactions(message: SlackMessage): Part {
  const reactions = message.reactions ?? [];
  if (reactions.length === 0) return null;
  const shown = reactions.map(
    (one) => html`<li>${raw(withEmoji(escapeHtml(`:${one.name}:`)))} ${one.count}</li>`,
  );
  return html`<ul class="reactions" aria-label="Reactions">${shown}</ul>`;
}

function renderTime(ts: string, viewer: Viewer): Html {
  const seconds = Math.floor(Number(ts));
  const clock = inWords(seconds, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, viewer.timeZone);
  const day = inWords(seconds, { dateStyle: 'medium' }, viewer.timeZone);
  return html`<time datetime="${new Date(seconds * 1000).toISOString()}" title="${day}">${clock}</time>`;
}

/** One of eight colours, always the same for one id. */
function hueOf(id: string): number {
  return [...id].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 8191, 7) % 8;
}

/** The letter on an avatar. */
function initialOf(name: string): string {
  return [...name][0]?.toUpperCase() ?? '?';
}
