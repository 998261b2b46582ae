import type { IncomingMessage, ServerResponse } from 'node:http';
import { createActor, type SlackActor, type Stage } from '../actor.ts';
import { SlackActorError } from '../error.ts';
import { readBody, sendJson, sendText } from '../http.ts';
import type { InputValue, InputValues } from '../inputs.ts';
import { isObject, type JsonObject, parseJson, stringAt } from '../json.ts';
import type { Channel } from '../state.ts';
import type { Interaction, Submission } from '../submissions.ts';
import type { SlackUser } from '../types.ts';
import { secondsAt } from './dates.ts';
import { channelsOf, pagePolicy, renderPage } from './document.ts';
import { isSameOrigin } from './guard.ts';
import { homeTab } from './home.ts';
import { type FormTrouble, noTrouble } from './modal.ts';

/** Serves the page that shows the workspace to people. */
export interface Page {
  /** Answers `GET /`, `GET /page/changes` and the forms; false for another path. */
  readonly serve: (path: URL, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}

const headers = {
  'content-security-policy': pagePolicy,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** The page of a workspace. */
export function createPage(stage: Stage): Page {
  const troubles = new Map<string, FormTrouble>();
  return {
    serve: async (url, request, response) => {
      const isPost = request.method === 'POST';
      if (url.pathname === '/' && !isPost) showPage(stage, troubles, url, response);
      else if (url.pathname === '/page/changes' && !isPost) streamChanges(stage, response);
      else if (url.pathname.startsWith('/page/') && isPost)
        await serveForm(stage, troubles, url, request, response);
      else return false;
      return true;
    },
  };
}

type Troubles = Map<string, FormTrouble>;

function showPage(stage: Stage, troubles: Troubles, url: URL, response: ServerResponse): void {
  const user = userOf(stage, url.searchParams.get('as'));
  const channel = user && channelOf(stage, user, url.searchParams.get('channel'));
  if (user === undefined || channel === undefined) {
    sendText(response, 404, 'No such user or channel');
    return;
  }
  const trouble = troubles.get(user.id) ?? noTrouble;
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
  response.end(renderPage(stage.state, { user, channel, trouble }));
}

function userOf(stage: Stage, id: string | null): SlackUser | undefined {
  const people = [...stage.state.users.values()].filter(
    (user) => user.isBot !== true && user.deleted !== true,
  );
  return id === null ? people[0] : people.find((user) => user.id === id);
}

function channelOf(stage: Stage, user: SlackUser, id: string | null): Channel | typeof homeTab | undefined {
  if (id === homeTab) return homeTab;
  const channels = channelsOf(stage.state, user);
  const spoken = channels.find((channel) => (stage.state.messages.get(channel.id) ?? []).length > 0);
  return channels.find((channel) => channel.id === id) ?? spoken ?? channels[0];
}

/** Server-sent events: one empty message after every change. */
function streamChanges(stage: Stage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  const stop = stage.state.feed.listen(() => response.write('data:\n\n'));
  response.on('close', stop);
}

async function serveForm(
  stage: Stage,
  troubles: Troubles,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (!isSameOrigin(request)) return sendText(response, 403, 'Only the page itself may send this form');
  const form = new URLSearchParams(body ?? '');
  const user = userOf(stage, form.get('as') ?? '');
  if (user === undefined) return sendText(response, 404, 'No such user');
  const trouble = await act(createActor(stage, user.id), url.pathname, inUnixTime(form, user));
  troubles.set(user.id, trouble);
  stage.state.feed.announce();
  if (request.headers.accept === 'application/json') return sendJson(response, 200, trouble);
  const back = new URLSearchParams({ as: user.id, channel: form.get('channel') ?? '' });
  response.writeHead(303, { location: `/?${back}` });
  response.end();
}

async function act(actor: SlackActor, path: string, form: URLSearchParams): Promise<FormTrouble> {
  const viewId = form.get('viewId');
  try {
    const outcome = await perform(actor, path, form);
    return { viewId, problem: outcome?.problem ?? null, fields: outcome?.errors ?? {} };
  } catch (error) {
    if (!(error instanceof SlackActorError)) throw error;
    const beside = Object.keys(error.fields).length > 0;
    return { viewId, problem: beside ? null : error.message, fields: error.fields };
  }
}

/** How an action ended; undefined where the app had no part in it. */
type Outcome = (Interaction & Partial<Submission>) | undefined;

function perform(actor: SlackActor, path: string, form: URLSearchParams): Promise<Outcome> {
  const viewId = form.get('viewId') ?? '';
  switch (path) {
    case '/page/click':
      return actor.clickButton(clickOf(form));
    case '/page/submit':
      return actor.submitModal(viewId, valuesOf(form));
    case '/page/close':
      return actor.closeModal(viewId);
    case '/page/home':
      // As in Slack, an app that does not listen to this is no trouble of the person.
      return actor.openHome().then(() => undefined);
    case '/page/say':
      return say(actor, form.get('channel') ?? '', (form.get('text') ?? '').trim());
    default:
      throw new SlackActorError('The page has no such form');
  }
}

async function say(actor: SlackActor, channel: string, text: string): Promise<Outcome> {
  const command = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
  if (command !== null) return actor.slashCommand(command[1] ?? '', command[2] ?? '', channel);
  if (text !== '') actor.postMessage(channel, text);
  return undefined;
}

function clickOf(form: URLSearchParams) {
  const parsed = parseJson(form.get('choice') ?? '');
  const choice = isObject(parsed) ? parsed : {};
  const [actionId, blockId] = [stringAt(choice, 'actionId') ?? '', stringAt(choice, 'blockId') ?? ''];
  const element = { actionId, blockId, ...chosenIn(form, choice) };
  const viewId = form.get('viewId');
  if (viewId !== null) return { viewId, ...element, values: valuesOf(form) };
  return { channel: form.get('channel') ?? '', ts: form.get('ts') ?? '', ...element };
}

/** What was chosen, where the element is no button: said outright, or the name of the field that holds it. */
function chosenIn(form: URLSearchParams, choice: JsonObject): { readonly value?: InputValue } {
  const [value, from] = [stringAt(choice, 'value'), stringAt(choice, 'from')];
  if (value !== undefined) return { value };
  return from === undefined ? {} : { value: fieldOf(form, from) };
}

/** Fields for a point in time hold what the person's clock shows; the app is told Unix time. */
function inUnixTime(form: URLSearchParams, user: SlackUser): URLSearchParams {
  for (const [name, value] of [...form])
    if (name.startsWith('at.') && value !== '')
      form.set(name, String(secondsAt(value, user.tz ?? 'Etc/UTC')));
  return form;
}

/** The fields of a modal: `in.<block id>`, `at.` for a point in time; several values where several were chosen. */
function valuesOf(form: URLSearchParams): InputValues {
  const names = new Set([...form.keys()].filter((name) => /^(in|at)\./.test(name)));
  return Object.fromEntries([...names].map((name) => [name.slice(3), fieldOf(form, name)]));
}

function fieldOf(form: URLSearchParams, name: string): InputValue {
  const all = form.getAll(name).filter((value) => value !== '');
  return all.length > 1 ? all : (all[0] ?? null);
}
