import { type ButtonChoice, buttonsIn, chooseButton, type FoundButton } from './buttons.ts';
import { ephemeralAt } from './ephemerals.ts';
import { SlackActorError } from './error.ts';
import { fillForm, type InputValues, stateOf } from './inputs.ts';
import type { JsonObject } from './json.ts';
import { messageAt, wireMessage } from './messages.ts';
import { findModal, rememberValues } from './modals.ts';
import { blockActions } from './payloads.ts';
import { issueResponseUrl } from './response-urls.ts';
import type { Channel, WorkspaceState } from './state.ts';
import { issueTrigger } from './triggers.ts';
import type { SlackMessage, SlackUser, SlackView, ViewValues } from './types.ts';

/** A button or another element of a message. */
export interface MessageClick extends ButtonChoice {
  /** Id or name of the channel. */
  readonly channel: string;
  readonly ts: string;
}

/** A button or another element of an open modal or of an App Home. */
export interface ViewClick extends ButtonChoice {
  readonly viewId: string;
  /** What stands in the fields meanwhile. */
  readonly values?: InputValues;
}

/** The payload of a click on a message. Throws `SlackActorError` where this person cannot click it. */
export function messageClick(
  state: WorkspaceState,
  user: SlackUser,
  channel: Channel,
  click: MessageClick,
  origin: string,
): JsonObject {
  const ephemeral = ephemeralAt(state, channel.id, click.ts);
  if (ephemeral !== undefined && ephemeral.recipient !== user.id)
    throw new SlackActorError(`${user.id} does not see the ephemeral message ${click.ts}`);
  const message = ephemeral ?? messageAt(state, channel.id, click.ts);
  const found = chooseButton(buttonsIn(message.blocks, message.attachments), click);
  const original = { ts: click.ts, ephemeral: ephemeral !== undefined };
  const grant = { userId: user.id, channelId: channel.id, original };
  const place = {
    container: containerOf(message, found, original.ephemeral),
    channel: { id: channel.id, name: channel.name },
    ...(original.ephemeral ? {} : { message: wireMessage(message) }),
    state: { values: valuesAfter(message, found, click) },
    response_url: `${origin}${issueResponseUrl(state, 'actions', grant)}`,
  };
  return blockActions(state, user, {
    trigger: issueTrigger(state, user.id),
    place,
    action: actionOf(found, click),
  });
}

/** The payload of a click in a modal or in the person's App Home. Throws `SlackActorError` where this person cannot click it. */
export function viewClick(state: WorkspaceState, user: SlackUser, click: ViewClick): JsonObject {
  const seen = viewSeen(state, user, click.viewId);
  const found = chooseButton(buttonsIn(seen.blocks), click);
  const values = valuesAfter(seen, found, click, click.values);
  const view = rememberValues(state, user.id, seen, values);
  const place = { container: { type: 'view', view_id: view.id }, view };
  const trigger = issueTrigger(state, user.id, view.type === 'modal' ? view.id : undefined);
  return blockActions(state, user, { trigger, place, action: actionOf(found, click) });
}

function containerOf(message: SlackMessage, found: FoundButton, ephemeral: boolean): JsonObject {
  const base = { message_ts: message.ts, channel_id: message.channel, is_ephemeral: ephemeral };
  if (found.attachmentId === undefined) return { type: 'message', ...base };
  const { attachmentId } = found;
  return { type: 'message_attachment', ...base, attachment_id: attachmentId, is_app_unfurl: false };
}

function viewSeen(state: WorkspaceState, user: SlackUser, viewId: string): SlackView {
  const home = state.homes.get(user.id);
  if (home?.id === viewId) return home;
  const { view, userId } = findModal(state, { id: viewId });
  if (userId !== user.id) throw new SlackActorError(`${user.id} does not see the modal ${view.id}`);
  return view;
}

/** What stands in the fields: what was there before, what is typed meanwhile, and what is chosen now. */
function valuesAfter(
  place: Pick<SlackView, 'blocks'> & Partial<Pick<SlackView, 'state'>>,
  found: FoundButton,
  choice: ButtonChoice,
  typed: InputValues = {},
): ViewValues {
  const before = place.state?.values ?? {};
  const { values } = fillForm(place, typed);
  const untouched = (block: string) => typed[block] === undefined && before[block] !== undefined;
  const merged = Object.entries(values).map(([block, actions]) => [
    block,
    untouched(block) ? before[block] : actions,
  ]);
  const all = Object.fromEntries(merged) as ViewValues;
  const actionId = String(found.button['action_id']);
  if (choice.value === undefined || all[found.blockId]?.[actionId] === undefined) return all;
  const chosen = { [actionId]: stateOf(found.button, choice.value) };
  return { ...all, [found.blockId]: { ...all[found.blockId], ...chosen } };
}

/** The element as the app is told of it: a button with its value, another with what was chosen. */
function actionOf(found: FoundButton, choice: ButtonChoice): JsonObject {
  const { accessibility_label: _label, options: _options, option_groups: _groups, ...element } = found.button;
  const chosen = choice.value === undefined ? {} : stateOf(found.button, choice.value);
  return { ...element, block_id: found.blockId, ...chosen };
}
