import { createHash } from 'node:crypto';
import { canSee } from '../channels.ts';
import { modalsOf } from '../modals.ts';
import type { Channel, WorkspaceState } from '../state.ts';
import type { SlackMessage, SlackUser } from '../types.ts';
import { hiddenField } from './blocks.ts';
import { homeTab, renderHome } from './home.ts';
import { type Html, html, type Part, raw } from './html.ts';
import { renderMessage, type Viewer, viewerOf } from './message.ts';
import { type FormTrouble, renderModal } from './modal.ts';
import { pageScript } from './script.ts';
import { pageStyle } from './style.ts';

/** Who looks at what. */
export interface PageView {
  readonly user: SlackUser;
  /** What is shown: a channel, or the App Home. */
  readonly channel: Channel | typeof homeTab;
  /** What went wrong with this user's last action. */
  readonly trouble: FormTrouble;
}

/** The Content-Security-Policy of the page: its own script and style, its own server, nothing else. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${hashOf(pageStyle)}'`,
  `script-src 'sha256-${hashOf(pageScript)}'`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The whole page. */
export function renderPage(state: WorkspaceState, page: PageView): string {
  const viewer = viewerOf(state, page.user);
  const modal = modalsOf(state, page.user.id).at(-1);
  const { name } = state.team;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${titleOf(state, page)} · ${name}</title><style>${raw(pageStyle)}</style></head>
<body><div class="shell" id="shell"${modal && html` inert`}>
<nav class="sidebar" aria-label="Workspace"><h1>${name}</h1><p class="stand-in">Stand-in workspace, on this machine only</p>
${renderSwitch(state, page)}<div id="channels" data-live>${renderChannels(state, page)}</div></nav>
<main><header class="top" id="top" data-live>${renderTop(state, page)}</header>
<div id="notice" data-live>${modal === undefined && renderNotice(page)}</div>
${page.channel === homeTab ? renderHomePane(state, page, viewer) : renderChannelPane(state, page, page.channel, viewer)}</main></div>
<div id="modal" data-live>${modal && renderModal(state, modal, viewer, { channel: placeOf(page), trouble: page.trouble })}</div>
<dialog id="confirm" aria-labelledby="confirm-title"><form method="dialog"></form></dialog>
<div class="visually-hidden" id="status" role="status"></div>
<script>${raw(pageScript)}</script></body></html>`.html;
}

/** The channels in the sidebar for a user: the public ones, and those that he is a member of. */
export function channelsOf(state: WorkspaceState, user: SlackUser): readonly Channel[] {
  return [...state.channels.values()].filter((channel) => canSee(channel, user));
}

function renderSwitch(state: WorkspaceState, page: PageView): Html {
  const people = [...state.users.values()].filter((user) => user.isBot !== true && user.deleted !== true);
  const options = people.map(
    (user) =>
      html`<option value="${user.id}"${user.id === page.user.id && html` selected`}>${user.realName}${user.guest === true && ' (guest)'}</option>`,
  );
  return html`<form class="switch" method="get" action="/"><label for="as">You act as</label>
<select id="as" name="as">${options}</select>${hiddenField('channel', placeOf(page))}<noscript><button class="btn plain">Switch</button></noscript></form>`;
}

function renderChannels(state: WorkspaceState, page: PageView): Html {
  const seen = channelsOf(state, page.user);
  const direct = seen.filter((channel) => channel.directUser !== undefined);
  const open = seen.filter((channel) => channel.directUser === undefined);
  return html`<h2>Apps</h2><ul><li>${renderHomeLink(state, page)}</li></ul><h2>Channels</h2><ul>${open.map((channel) => renderLink(state, page, channel))}</ul>
${direct.length > 0 && html`<h2>Direct messages</h2><ul>${direct.map((channel) => renderLink(state, page, channel))}</ul>`}`;
}

/** Opening the Home is something that the app hears of: a form, not a link. */
function renderHomeLink(state: WorkspaceState, page: PageView): Html {
  const here = page.channel === homeTab;
  return html`<form method="post" action="/page/home" data-goes>${hiddenField('as', page.user.id)}${hiddenField('channel', homeTab)}
<button class="link" id="open-home"${here && html` aria-current="page"`}><span class="name">${state.app.name} · Home</span></button></form>`;
}

function renderLink(state: WorkspaceState, page: PageView, channel: Channel): Html {
  const here = channel === page.channel;
  const count = visible(state, channel, page.user).length;
  const address = `/?${new URLSearchParams({ as: page.user.id, channel: channel.id })}`;
  return html`<li><a href="${address}"${here && html` aria-current="page"`}><span class="name">${channelTitle(state, channel)}</span>
${count > 0 && html`<span class="count">${count}<span class="visually-hidden"> messages</span></span>`}</a></li>`;
}

function channelTitle(state: WorkspaceState, channel: Channel): string {
  if (channel.directUser !== undefined) return state.app.name;
  return `# ${channel.name}${channel.isPrivate ? ' (private)' : ''}`;
}

function renderNotice(page: PageView): Part {
  const { problem, viewId } = page.trouble;
  return problem !== null && viewId === null && html`<p class="notice" role="alert">${problem}</p>`;
}

function placeOf(page: PageView): string {
  return page.channel === homeTab ? homeTab : page.channel.id;
}

function titleOf(state: WorkspaceState, page: PageView): string {
  return page.channel === homeTab ? `${state.app.name} · Home` : channelTitle(state, page.channel);
}

function renderTop(state: WorkspaceState, page: PageView): Html {
  const zone = html`<span class="zone">${page.user.tz ?? 'Etc/UTC'}</span>`;
  if (page.channel === homeTab) return html`<h2>${titleOf(state, page)}</h2>${zone}`;
  const { size } = page.channel.members;
  return html`<h2>${titleOf(state, page)}</h2><span>${size} members</span>${zone}`;
}

function renderHomePane(state: WorkspaceState, page: PageView, viewer: Viewer): Html {
  return html`<div class="scroll" id="scroll"><div id="home" data-live>${renderHome(state, viewer, page.user, page.trouble)}</div></div>`;
}

function renderChannelPane(state: WorkspaceState, page: PageView, channel: Channel, viewer: Viewer): Html {
  return html`<div class="scroll" id="scroll"><ol class="messages" id="messages" role="log" aria-label="Messages" data-live>${renderMessages(state, channel, page.user, viewer)}</ol></div>
${renderComposer(state, page.user, channel)}`;
}

function renderMessages(state: WorkspaceState, channel: Channel, user: SlackUser, viewer: Viewer): Part {
  const all = visible(state, channel, user);
  if (all.length === 0) return html`<li class="empty">Nothing was said here yet.</li>`;
  const known = new Set(all.map((message) => message.ts));
  const isReply = (one: SlackMessage): boolean => one.thread_ts !== undefined && known.has(one.thread_ts);
  const show = (message: SlackMessage): Html => {
    const replies = all.filter((one) => one.thread_ts === message.ts).map(show);
    return renderMessage(message, viewer, { ephemeral: 'recipient' in message, replies });
  };
  return all.filter((message) => !isReply(message)).map(show);
}

/** What a user sees in a channel, oldest first: its messages and his ephemeral ones. */
function visible(state: WorkspaceState, channel: Channel, user: SlackUser): readonly SlackMessage[] {
  const own = state.ephemerals.filter((one) => one.channel === channel.id && one.recipient === user.id);
  const all = [...(state.messages.get(channel.id) ?? []), ...own];
  return all.toSorted((one, other) => Number(one.ts) - Number(other.ts));
}

function renderComposer(state: WorkspaceState, user: SlackUser, channel: Channel): Html {
  const title = channelTitle(state, channel);
  return html`<form class="composer" method="post" action="/page/say">${hiddenField('as', user.id)}${hiddenField('channel', channel.id)}
<label class="visually-hidden" for="say">Message ${title}</label>
<input id="say" name="text" autocomplete="off" placeholder="Message ${title}, or a /command" required>
<button class="btn primary">Send</button></form>`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
