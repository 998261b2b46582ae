import { createActor, type SlackActor } from './actor.ts';
import { createCallLog, type SlackCall } from './calls.ts';
import { channelMeant, userById } from './channels.ts';
import type { Delivery } from './delivery.ts';
import { createFaults, type SlackFaults } from './faults.ts';
import type { WaitOptions } from './feed.ts';
import type { JsonObject } from './json.ts';
import { type AppLink, createLink, type EventOptions } from './link.ts';
import { removeMessage } from './messages.ts';
import { modalsOf } from './modals.ts';
import { createPage } from './page/index.ts';
import { createRateLimiter, type RateLimits } from './rate-limits.ts';
import { listen } from './server.ts';
import type { RawRequest } from './signing.ts';
import { createSocketMode, type SlackSockets } from './socket/sockets.ts';
import { createState, type StateOptions, type WorkspaceState } from './state.ts';
import { changeMembers } from './subteams.ts';
import type { SlackEphemeral, SlackMessage, SlackUser, SlackUsergroup, SlackView } from './types.ts';

/** What a stand-in workspace starts with. */
export interface SlackWorkspaceOptions extends StateOptions {
  /** Where the app receives interactions, commands and events; `connect` may say it later. */
  readonly requestUrl?: string;
  /** Rate limits in force; none unless told. */
  readonly rateLimits?: RateLimits;
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
  /** Socket Mode, which is in use while no request URL is connected. */
  readonly sockets: SlackSockets;
  /** Says where the app receives requests; null: through its Socket Mode connections. */
  readonly connect: (requestUrl: string | null) => void;
  /** A person at the Slack client. Throws `SlackActorError` where there is no such user. */
  readonly as: (userId: string) => SlackActor;
  /** Messages of a channel (id, name, or user id for a direct message), oldest first. */
  readonly messages: (channel: string) => readonly SlackMessage[];
  /** Ephemeral messages that a user sees, oldest first. */
  readonly ephemerals: (userId: string) => readonly SlackEphemeral[];
  /** Open modals of a user; the last one is on top. */
  readonly modals: (userId: string) => readonly SlackView[];
  /** What a user's App Home shows; undefined until something was published. */
  readonly home: (userId: string) => SlackView | undefined;
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
  /** A user's App Home, as soon as it fits. */
  readonly waitForHome: (
    userId: string,
    fits?: (view: SlackView) => boolean,
    options?: WaitOptions,
  ) => Promise<SlackView>;
  /** The first Web API call that fits, now or later. */
  readonly waitForCall: (fits: (call: SlackCall) => boolean, options?: WaitOptions) => Promise<SlackCall>;
  /** Sends an event of the Events API, signed or through a socket. */
  readonly sendEvent: (event: JsonObject, options?: EventOptions) => Promise<Delivery>;
  /** Sends exactly these headers and this body to the app. */
  readonly rawRequest: (request: RawRequest) => Promise<Delivery>;
  /** Signs a body as Slack does, without sending it. */
  readonly sign: (body: string, contentType?: string) => RawRequest;
  /** Changes an account, for example `{ deleted: true }`, without a word to the app. */
  readonly updateUser: (userId: string, change: Partial<Omit<SlackUser, 'id'>>) => void;
  /** Adds or replaces a user group, without a word to the app. */
  readonly setUsergroup: (group: SlackUsergroup) => void;
  /** Says who is in a user group, and tells the app with `subteam_members_changed`. */
  readonly changeMembers: (usergroupId: string, userIds: readonly string[]) => Promise<Delivery>;
  /** Deletes a message, as an admin can. */
  readonly removeMessage: (channel: string, ts: string) => void;
  readonly close: () => Promise<void>;
}

/** Starts a stand-in Slack workspace: a real HTTP server with the Web API, people who act, and a page. */
export async function startSlackWorkspace(options: SlackWorkspaceOptions): Promise<SlackWorkspace> {
  const state = createState(options);
  const socketMode = createSocketMode(state);
  const link = createLink(state, socketMode, options.requestUrl);
  const faults = createFaults();
  const calls = createCallLog();
  let origin = '';
  const stage = { state, link, origin: () => origin };
  const server = await listen(
    {
      state,
      faults,
      calls,
      limit: createRateLimiter(state, options.rateLimits ?? {}),
      origin: () => origin,
      socketUrl: () => socketMode.issueUrl(origin),
    },
    createPage(stage),
    socketMode,
    options.port ?? 0,
  );
  origin = server.origin;
  const close = async (): Promise<void> => {
    state.feed.close();
    socketMode.close();
    await server.close();
  };
  return {
    apiUrl: `${origin}/api/`,
    pageUrl: `${origin}/`,
    faults: faults.orders,
    sockets: socketMode.sockets,
    connect: link.connect,
    as: (userId) => createActor(stage, userId),
    ...views(state),
    ...waits(state, calls.all),
    calls: calls.all,
    sendEvent: link.sendEvent,
    rawRequest: link.sendRaw,
    sign: link.sign,
    ...administration(state, link),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function views(state: WorkspaceState): Pick<SlackWorkspace, 'messages' | 'ephemerals' | 'modals' | 'home'> {
  return {
    messages: (channel) => [...(state.messages.get(channelMeant(state, channel).id) ?? [])],
    ephemerals: (userId) => state.ephemerals.filter((one) => one.recipient === userId),
    modals: (userId) => [...modalsOf(state, userId)],
    home: (userId) => state.homes.get(userId),
  };
}

function waits(
  state: WorkspaceState,
  calls: () => readonly SlackCall[],
): Pick<
  SlackWorkspace,
  'waitForMessage' | 'waitForEphemeral' | 'waitForModal' | 'waitForHome' | 'waitForCall'
> {
  const wait = <T>(what: string, all: () => readonly T[], fits: (one: T) => boolean, options?: WaitOptions) =>
    state.feed.waitFor({ what, find: () => all().find(fits), seen: () => summary(all()) }, options);
  const own = (userId: string) => state.ephemerals.filter((one) => one.recipient === userId);
  const homesOf = (userId: string) => [state.homes.get(userId)].filter((view) => view !== undefined);
  return {
    waitForMessage: (fits, options) =>
      wait('a message', () => [...state.messages.values()].flat(), fits, options),
    waitForEphemeral: (userId, fits, options) =>
      wait(`an ephemeral message to ${userId}`, () => own(userId), fits, options),
    waitForModal: (userId, fits = () => true, options = {}) =>
      wait(`a modal of ${userId}`, () => modalsOf(state, userId).slice(-1), fits, options),
    waitForHome: (userId, fits = () => true, options = {}) =>
      wait(`the App Home of ${userId}`, () => homesOf(userId), fits, options),
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
  link: AppLink,
): Pick<SlackWorkspace, 'updateUser' | 'setUsergroup' | 'changeMembers' | 'removeMessage'> {
  return {
    updateUser: (userId, change) => {
      state.users.set(userId, { ...userById(state, userId), ...change });
      state.feed.announce();
    },
    setUsergroup: (group) => {
      state.usergroups.set(group.id, group);
      state.feed.announce();
    },
    changeMembers: async (id, userIds) => link.sendEvent(changeMembers(state, id, userIds)),
    removeMessage: (channel, ts) => removeMessage(state, channelMeant(state, channel).id, ts),
  };
}
