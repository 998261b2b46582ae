import { createActor, type SlackActor } from './actor.ts';
import { createCallLog, type SlackCall } from './calls.ts';
import { channelMeant, userById } from './channels.ts';
import type { Delivery } from './delivery.ts';
import { createFaults, type SlackFaults } from './faults.ts';
import type { WaitOptions } from './feed.ts';
import type { JsonObject } from './json.ts';
import { createLink, type EventOptions } from './link.ts';
import { removeMessage } from './messages.ts';
import { modalsOf } from './modals.ts';
import { createPage } from './page/index.ts';
import { listen } from './server.ts';
import type { RawRequest } from './signing.ts';
import { createState, type StateOptions, type WorkspaceState } from './state.ts';
import type { SlackEphemeral, SlackMessage, SlackUser, SlackUsergroup, SlackView } from './types.ts';

/** What a stand-in workspace starts with. */
export interface SlackWorkspaceOptions extends StateOptions {
  /** Where the app receives interactions, commands and events; `connect` may say it later. */
  readonly requestUrl?: string;
  /** Port of the loopback interface; a free one unless told. */
  readonly port?: number;
}

/** A running stand-in workspace. */
export interface SlackWorkspace extends AsyncDisposable {
  /** The Web API: ends with `/api/`. Give it to the client as `slackApiUrl`. */
  readonly apiUrl: string;
  /** The page for people. */
  readonly pageUrl: string;
  readonly faults: SlackFaults;
  /** Says where the app receives requests. */
  readonly connect: (requestUrl: string) => void;
  /** A person at the Slack client. Throws `SlackActorError` where there is no such user. */
  readonly as: (userId: string) => SlackActor;
  /** Messages of a channel (id, name, or user id for a direct message), oldest first. */
  readonly messages: (channel: string) => readonly SlackMessage[];
  /** Ephemeral messages that a user sees, oldest first. */
  readonly ephemerals: (userId: string) => readonly SlackEphemeral[];
  /** Open modals of a user; the last one is on top. */
  readonly modals: (userId: string) => readonly SlackView[];
  /** The latest Web API calls of the app, oldest first. */
  readonly calls: (method?: string) => readonly SlackCall[];
  /** The first message that fits, now or after a post or an update. */
  readonly waitForMessage: (
    fits: (message: SlackMessage) => boolean,
    options?: WaitOptions,
  ) => Promise<SlackMessage>;
  readonly waitForEphemeral: (
    userId: string,
    fits: (message: SlackEphemeral) => boolean,
    options?: WaitOptions,
  ) => Promise<SlackEphemeral>;
  /** The modal on top of a user's screen, as soon as it fits. */
  readonly waitForModal: (
    userId: string,
    fits?: (view: SlackView) => boolean,
    options?: WaitOptions,
  ) => Promise<SlackView>;
  /** The first Web API call that fits, now or later. */
  readonly waitForCall: (fits: (call: SlackCall) => boolean, options?: WaitOptions) => Promise<SlackCall>;
  /** Sends an event of the Events API, signed. */
  readonly sendEvent: (event: JsonObject, options?: EventOptions) => Promise<Delivery>;
  /** Sends exactly these headers and this body to the app. */
  readonly rawRequest: (request: RawRequest) => Promise<Delivery>;
  /** Signs a body as Slack does, without sending it. */
  readonly sign: (body: string, contentType?: string) => RawRequest;
  /** Changes an account, for example `{ deleted: true }`. */
  readonly updateUser: (userId: string, change: Partial<Omit<SlackUser, 'id'>>) => void;
  /** Adds or replaces a user group. */
  readonly setUsergroup: (group: SlackUsergroup) => void;
  /** Deletes a message, as an admin can. */
  readonly removeMessage: (channel: string, ts: string) => void;
  readonly close: () => Promise<void>;
}

/** Starts a stand-in Slack workspace: a real HTTP server with the Web API, people who act, and a page. */
export async function startSlackWorkspace(options: SlackWorkspaceOptions): Promise<SlackWorkspace> {
  const state = createState(options);
  const link = createLink(state, options.requestUrl);
  const faults = createFaults();
  const calls = createCallLog();
  let origin = '';
  const stage = { state, link, origin: () => origin };
  const server = await listen(
    { state, faults, calls, origin: () => origin },
    createPage(stage),
    options.port ?? 0,
  );
  origin = server.origin;
  const close = async (): Promise<void> => {
    state.feed.close();
    await server.close();
  };
  return {
    apiUrl: `${origin}/api/`,
    pageUrl: `${origin}/`,
    faults: faults.orders,
    connect: link.connect,
    as: (userId) => createActor(stage, userId),
    ...views(state),
    ...waits(state, calls.all),
    calls: calls.all,
    sendEvent: link.sendEvent,
    rawRequest: link.sendRaw,
    sign: link.sign,
    ...administration(state),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function views(state: WorkspaceState): Pick<SlackWorkspace, 'messages' | 'ephemerals' | 'modals'> {
  return {
    messages: (channel) => [...(state.messages.get(channelMeant(state, channel).id) ?? [])],
    ephemerals: (userId) => state.ephemerals.filter((one) => one.recipient === userId),
    modals: (userId) => [...modalsOf(state, userId)],
  };
}

function waits(
  state: WorkspaceState,
  calls: () => readonly SlackCall[],
): Pick<SlackWorkspace, 'waitForMessage' | 'waitForEphemeral' | 'waitForModal' | 'waitForCall'> {
  const wait = <T>(what: string, all: () => readonly T[], fits: (one: T) => boolean, options?: WaitOptions) =>
    state.feed.waitFor({ what, find: () => all().find(fits), seen: () => summary(all()) }, options);
  const own = (userId: string) => state.ephemerals.filter((one) => one.recipient === userId);
  return {
    waitForMessage: (fits, options) =>
      wait('a message', () => [...state.messages.values()].flat(), fits, options),
    waitForEphemeral: (userId, fits, options) =>
      wait(`an ephemeral message to ${userId}`, () => own(userId), fits, options),
    waitForModal: (userId, fits = () => true, options = {}) =>
      wait(`a modal of ${userId}`, () => modalsOf(state, userId).slice(-1), fits, options),
    waitForCall: (fits, options) => wait('a call of the Web API', calls, fits, options),
  };
}

/** The last few things, short enough for an error message. */
function summary(all: readonly unknown[]): string {
  if (all.length === 0) return 'nothing';
  const last = all.slice(-3).map((one) => JSON.stringify(one).slice(0, 600));
  return `${all.length}, the last: ${last.join('\n')}`;
}

function administration(
  state: WorkspaceState,
): Pick<SlackWorkspace, 'updateUser' | 'setUsergroup' | 'removeMessage'> {
  return {
    updateUser: (userId, change) => {
      state.users.set(userId, { ...userById(state, userId), ...change });
      state.feed.announce();
    },
    setUsergroup: (group) => {
      state.usergroups.set(group.id, group);
      state.feed.announce();
    },
    removeMessage: (channel, ts) => removeMessage(state, channelMeant(state, channel).id, ts),
  };
}
