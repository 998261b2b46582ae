import { type ButtonChoice, buttonsIn, chooseButton, type FoundButton } from './buttons.ts';
import { ephemeralAt } from './ephemerals.ts';
import { SlackActorError } from './error.ts';
import type { JsonObject } from './json.ts';
import { messageAt, wireMessage } from './messages.ts';
import { findModal } from './modals.ts';
import { blockActions } from './payloads.ts';
import { issueResponseUrl } from './response-urls.ts';
import type { Channel, WorkspaceState } from './state.ts';
import { issueTrigger } from './triggers.ts';
import type { SlackMessage, SlackUser } from './types.ts';

/** A button of a message. */
export interface MessageClick extends ButtonChoice {
  /** Id or name of the channel. */
  readonly channel: string;
  readonly ts: string;
}

/** A button of an open modal. */
export interface ViewClick extends ButtonChoice {
  readonly viewId: string;
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
    state: { values: {} },
    response_url: `${origin}${issueResponseUrl(state, 'actions', grant)}`,
  };
  return blockActions(state, user, { trigger: issueTrigger(state, user.id), place, action: actionOf(found) });
}

/** The payload of a click in a modal. Throws `SlackActorError` where this person cannot click it. */
export function viewClick(state: WorkspaceState, user: SlackUser, click: ViewClick): JsonObject {
  const { view, userId } = findModal(state, { id: click.viewId });
  if (userId !== user.id) throw new SlackActorError(`${user.id} does not see the modal ${view.id}`);
  const found = chooseButton(buttonsIn(view.blocks), click);
  const place = { container: { type: 'view', view_id: view.id }, view };
  const trigger = issueTrigger(state, user.id, view.id);
  return blockActions(state, user, { trigger, place, action: actionOf(found) });
}

function containerOf(message: SlackMessage, found: FoundButton, ephemeral: boolean): JsonObject {
  const base = { message_ts: message.ts, channel_id: message.channel, is_ephemeral: ephemeral };
  if (found.attachmentId === undefined) return { type: 'message', ...base };
  const { attachmentId } = found;
  return { type: 'message_attachment', ...base, attachment_id: attachmentId, is_app_unfurl: false };
}

function actionOf(found: FoundButton): JsonObject {
  const { accessibility_label: _label, ...button } = found.button;
  return { ...button, block_id: found.blockId };
}
