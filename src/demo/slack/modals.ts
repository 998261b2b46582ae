import { createHash } from 'node:crypto';
import { SlackApiError } from './error.ts';
import { inputsOf } from './inputs.ts';
import { type JsonObject, objectAt, objectsAt, stringAt } from './json.ts';
import { normalizeBlocks } from './normalize.ts';
import type { WorkspaceState } from './state.ts';
import type { SlackView, ViewValues } from './types.ts';

/** Most views that one modal can stack. */
export const stackLimit = 3;

/** Opens a modal for a user, on top of `parent` where that is given. */
export function openModal(
  state: WorkspaceState,
  userId: string,
  view: JsonObject,
  parent?: SlackView,
): SlackView {
  const id = state.ids.next('V');
  const place = { root_view_id: parent?.root_view_id ?? id, previous_view_id: parent?.id ?? null };
  const opened = buildView(state, view, { id, ...place });
  state.modals.set(userId, [...modalsOf(state, userId), opened]);
  state.feed.announce();
  return opened;
}

/** Gives an open modal new content. */
export function updateModal(
  state: WorkspaceState,
  userId: string,
  old: SlackView,
  view: JsonObject,
): SlackView {
  const { id, root_view_id, previous_view_id } = old;
  const fresh = buildView(state, view, { id, root_view_id, previous_view_id });
  const updated = { ...fresh, state: { values: keptValues(old, fresh) } };
  const views = modalsOf(state, userId).map((one) => (one.id === id ? updated : one));
  state.modals.set(userId, views);
  state.feed.announce();
  return updated;
}

/** Slack keeps what was typed into a field that the new content has too, by block id and action id. */
function keptValues(old: SlackView, fresh: SlackView): ViewValues {
  const places = new Set(inputsOf(fresh).map(({ blockId, actionId }) => `${blockId}\n${actionId}`));
  const kept = Object.entries(old.state.values).map(([block, actions]) => {
    const same = Object.entries(actions).filter(([action]) => places.has(`${block}\n${action}`));
    return [block, Object.fromEntries(same)] as const;
  });
  return Object.fromEntries(kept.filter(([, actions]) => Object.keys(actions).length > 0));
}

/** Keeps what was typed into an open modal or a Home. */
export function rememberValues(
  state: WorkspaceState,
  userId: string,
  view: SlackView,
  values: ViewValues,
): SlackView {
  const filled = { ...view, state: { values } };
  if (view.type === 'home') {
    state.homes.set(userId, filled);
    return filled;
  }
  const views = modalsOf(state, userId).map((one) => (one.id === view.id ? filled : one));
  state.modals.set(userId, views);
  return filled;
}

/** Closes one view, or with `all` the whole stack it is in. */
export function closeModal(state: WorkspaceState, userId: string, view: SlackView, all: boolean): void {
  const stays = (one: SlackView): boolean =>
    all ? one.root_view_id !== view.root_view_id : one.id !== view.id;
  state.modals.set(userId, modalsOf(state, userId).filter(stays));
  state.feed.announce();
}

/** The open modals of a user; the last one is on top. */
export function modalsOf(state: WorkspaceState, userId: string): readonly SlackView[] {
  return state.modals.get(userId) ?? [];
}

/** The open view with this id or external id, and whose it is. Throws `not_found`. */
export function findModal(
  state: WorkspaceState,
  by: { readonly id?: string | undefined; readonly externalId?: string | undefined },
): { readonly view: SlackView; readonly userId: string } {
  for (const [userId, views] of state.modals) {
    const view = views.find(
      (one) => one.id === by.id || (by.externalId !== undefined && one.external_id === by.externalId),
    );
    if (view !== undefined) return { view, userId };
  }
  throw new SlackApiError('not_found');
}

type Place = Pick<SlackView, 'id' | 'root_view_id' | 'previous_view_id'>;

/** What Slack puts where a Home, which has no title, would have it. */
const homeTitle: JsonObject = { type: 'plain_text', text: 'View Title', emoji: true };

/** A view as Slack keeps and gives it. */
export function buildView(state: WorkspaceState, view: JsonObject, place: Place): SlackView {
  const hash = createHash('sha256').update(JSON.stringify(view)).digest('hex').slice(0, 8);
  return {
    ...place,
    team_id: state.team.id,
    type: view['type'] === 'home' ? 'home' : 'modal',
    callback_id: stringAt(view, 'callback_id') ?? '',
    external_id: stringAt(view, 'external_id') ?? '',
    private_metadata: stringAt(view, 'private_metadata') ?? '',
    title: objectAt(view, 'title') ?? homeTitle,
    submit: objectAt(view, 'submit') ?? null,
    close: objectAt(view, 'close') ?? null,
    blocks: normalizeBlocks(state, objectsAt(view, 'blocks')),
    state: { values: {} },
    hash: `${state.ids.ts()}.${hash}`,
    clear_on_close: view['clear_on_close'] === true,
    notify_on_close: view['notify_on_close'] === true,
    app_id: state.app.id,
    bot_id: state.app.botId,
    app_installed_team_id: state.team.id,
  };
}
