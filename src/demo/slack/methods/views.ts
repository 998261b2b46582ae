import { type Arguments, jsonArgument, missing, optionalText, requiredText } from '../arguments.ts';
import { userById } from '../channels.ts';
import { SlackApiError } from '../error.ts';
import { publishHome } from '../homes.ts';
import { isObject, type JsonObject, stringAt } from '../json.ts';
import { findModal, openModal, updateModal } from '../modals.ts';
import type { WorkspaceState } from '../state.ts';
import { exchangeTrigger, triggerById } from '../triggers.ts';
import type { SlackView } from '../types.ts';
import { refuseStack, refuseView } from '../views.ts';
import type { Method } from './method.ts';

const open: Method = ({ state }, args) => {
  const triggerId = requiredText(args, 'trigger_id');
  const { userId } = triggerById(state, triggerId);
  const view = readView(state, args);
  exchangeTrigger(state, triggerId);
  return { view: openModal(state, userId, view) };
};

const push: Method = ({ state }, args) => {
  const triggerId = requiredText(args, 'trigger_id');
  const trigger = triggerById(state, triggerId);
  if (trigger.viewId === undefined) throw new SlackApiError('invalid_trigger_id');
  const { view: parent } = findModal(state, { id: trigger.viewId });
  refuseStack(state, trigger.userId, parent);
  const view = readView(state, args);
  exchangeTrigger(state, triggerId);
  return { view: openModal(state, trigger.userId, view, parent) };
};

const update: Method = ({ state }, args) => {
  const id = optionalText(args, 'view_id');
  const home = [...state.homes].find(([, view]) => view.id === id);
  if (home !== undefined) {
    const view = readView(state, args, id, 'home');
    return { view: publishHome(state, home[0], view, optionalText(args, 'hash')) };
  }
  const externalId = optionalText(args, 'external_id');
  if (id === undefined && externalId === undefined) throw missing('view_id');
  const { view: old, userId } = findModal(state, { id, externalId });
  const hash = optionalText(args, 'hash');
  if (hash !== undefined && hash !== old.hash) throw new SlackApiError('hash_conflict');
  return { view: updateModal(state, userId, old, readView(state, args, old.id)) };
};

const publish: Method = ({ state }, args) => {
  const user = userById(state, requiredText(args, 'user_id'));
  const view = readView(state, args, state.homes.get(user.id)?.id, 'home');
  return { view: publishHome(state, user.id, view, optionalText(args, 'hash')) };
};

/** Opening, pushing and updating modals, and publishing App Homes. */
export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};

function readView(
  state: WorkspaceState,
  args: Arguments,
  ownId?: string,
  type: SlackView['type'] = 'modal',
): JsonObject {
  const view = jsonArgument(args, 'view');
  if (view === undefined) throw missing('view');
  refuseView(view, type);
  if (!isObject(view)) throw new SlackApiError('invalid_arguments');
  refuseTakenId(state, stringAt(view, 'external_id'), ownId);
  return view;
}

function refuseTakenId(state: WorkspaceState, externalId: string | undefined, ownId?: string): void {
  const all = [...[...state.modals.values()].flat(), ...state.homes.values()];
  const others = all.filter((one) => one.id !== ownId);
  if (externalId !== undefined && externalId !== '' && others.some((one) => one.external_id === externalId))
    throw new SlackApiError('duplicate_external_id');
}
