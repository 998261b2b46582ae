import type { Delivery } from './delivery.ts';
import { SlackActorError, SlackApiError } from './error.ts';
import { fillForm, type InputValues } from './inputs.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import type { AppLink } from './link.ts';
import { closeModal, modalsOf, openModal, rememberValues, updateModal } from './modals.ts';
import { viewClosed, viewSubmission } from './payloads.ts';
import type { WorkspaceState } from './state.ts';
import { issueTrigger } from './triggers.ts';
import type { SlackUser, SlackView } from './types.ts';
import { refuseStack, refuseView } from './views.ts';

/** How an interaction ended for the person. */
export interface Interaction extends Delivery {
  /** What Slack tells the person when it went wrong; null where all is well. */
  readonly problem: string | null;
}

/** How sending a modal off ended. */
export interface Submission extends Interaction {
  /** Messages beside the fields, by block id, from `response_action: errors`. */
  readonly errors: Readonly<Record<string, string>>;
}

/** What Slack says when an app did not answer in time or with 2xx. */
export const connectionTrouble = 'We had some trouble connecting. Try again?';

/** Fills a modal in, sends it off and does what the app answers. Throws `SlackActorError` where the Slack client would not send it. */
export async function submitModal(
  state: WorkspaceState,
  link: AppLink,
  user: SlackUser,
  viewId: string,
  values: InputValues,
): Promise<Submission> {
  const view = topModal(state, user, viewId);
  const form = fillForm(view, values);
  const filled = rememberValues(state, user.id, view, form.values);
  const faults = Object.entries(form.errors).map(([block, message]) => `${block}: ${message}`);
  if (faults.length > 0)
    throw new SlackActorError(`Slack does not send this form. ${faults.join(' ')}`, form.errors);
  const trigger = issueTrigger(state, user.id, view.id);
  const delivery = await link.sendPayload(viewSubmission(state, user, trigger, filled));
  if (!delivery.acknowledged) return { ...delivery, errors: {}, problem: connectionTrouble };
  return { ...delivery, ...settle(state, user.id, filled, delivery.body) };
}

/** Closes a modal, or with `clear` its whole stack, and tells the app where the view asks for that. */
export async function dismissModal(
  state: WorkspaceState,
  link: AppLink,
  user: SlackUser,
  viewId: string,
  clear: boolean,
): Promise<Interaction | undefined> {
  const view = topModal(state, user, viewId);
  const all = clear || view.clear_on_close;
  closeModal(state, user.id, view, all);
  if (!view.notify_on_close) return undefined;
  const delivery = await link.sendPayload(viewClosed(state, user, view, all));
  return { ...delivery, problem: delivery.acknowledged ? null : connectionTrouble };
}

function topModal(state: WorkspaceState, user: SlackUser, viewId: string): SlackView {
  const top = modalsOf(state, user.id).at(-1);
  if (top?.id === viewId) return top;
  throw new SlackActorError(
    `${user.id} does not have the modal ${viewId} on top; on top is ${top?.id ?? 'none'}`,
  );
}

type Ending = Pick<Submission, 'errors' | 'problem'>;

function settle(state: WorkspaceState, userId: string, view: SlackView, body: string): Ending {
  const done: Ending = { errors: {}, problem: null };
  try {
    return { ...done, errors: followAnswer(state, userId, view, parseJson(body)) };
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    return { ...done, problem: `${connectionTrouble} (${error.message})` };
  }
}

/** Does what `response_action` says; gives the messages beside the fields. */
function followAnswer(
  state: WorkspaceState,
  userId: string,
  view: SlackView,
  answer: unknown,
): Readonly<Record<string, string>> {
  const action = isObject(answer) ? answer['response_action'] : undefined;
  const next = isObject(answer) && isObject(answer['view']) ? answer['view'] : {};
  switch (action) {
    case 'errors':
      return fieldErrors(view, isObject(answer) ? answer['errors'] : undefined);
    case 'update':
      refuseView(next);
      updateModal(state, userId, view, next);
      return {};
    case 'push':
      refuseView(next);
      refuseStack(state, userId, view);
      openModal(state, userId, next, view);
      return {};
    default:
      closeModal(state, userId, view, action === 'clear');
      return {};
  }
}

function fieldErrors(view: SlackView, errors: unknown): Readonly<Record<string, string>> {
  const inputs = new Set(
    view.blocks.filter((block) => block['type'] === 'input').map((block) => block['block_id']),
  );
  const given: JsonObject = isObject(errors) ? errors : {};
  const strays = Object.keys(given).filter((blockId) => !inputs.has(blockId));
  if (strays.length > 0 || Object.keys(given).length === 0)
    throw new SlackApiError('invalid_arguments', [`errors must name input blocks: ${strays.join(', ')}`]);
  return Object.fromEntries(Object.entries(given).map(([blockId, message]) => [blockId, String(message)]));
}
