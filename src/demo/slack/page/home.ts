import type { WorkspaceState } from '../state.ts';
import type { SlackUser } from '../types.ts';
import type { BlockView } from './blocks.ts';
import { hiddenField } from './blocks.ts';
import { type Html, html } from './html.ts';
import type { Viewer } from './message.ts';
import { type FormTrouble, noTrouble, renderParts } from './modal.ts';

/** What a user's App Home shows, as a form. */
export function renderHome(
  state: WorkspaceState,
  viewer: Viewer,
  user: SlackUser,
  trouble: FormTrouble,
): Html {
  const view = state.homes.get(user.id);
  if (view === undefined) return html`<p class="empty">${state.app.name} shows nothing here yet.</p>`;
  const place = { as: user.id, channel: homeTab, viewId: view.id };
  const blocks: BlockView = { ...viewer, place, key: `v-${view.id}`, insideForm: true, source: view };
  const own = trouble.viewId === view.id ? trouble : noTrouble;
  return html`<form method="post" action="/page/click" novalidate class="home">${Object.entries(place).map(([name, value]) => hiddenField(name, value))}
<button hidden disabled></button><div class="blocks">${renderParts(state, view, blocks, own)}</div></form>`;
}

/** Stands in the place of a channel id where the page shows the App Home. */
export const homeTab = 'home';
