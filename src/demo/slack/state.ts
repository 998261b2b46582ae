import { createFeed, type Feed } from './feed.ts';
import { createIds, type Ids } from './ids.ts';
import type {
  SlackApp,
  SlackChannel,
  SlackEphemeral,
  SlackMessage,
  SlackTeam,
  SlackUser,
  SlackUsergroup,
  SlackView,
} from './types.ts';

/** Everything the workspace knows. Only this folder writes to it. */
export interface WorkspaceState {
  readonly team: SlackTeam;
  readonly app: InstalledApp;
  readonly users: Map<string, SlackUser>;
  readonly channels: Map<string, Channel>;
  readonly usergroups: Map<string, SlackUsergroup>;
  /** Messages by channel id, oldest first. */
  readonly messages: Map<string, SlackMessage[]>;
  readonly ephemerals: SlackEphemeral[];
  /** Open modals by user id; the last one is on top. */
  readonly modals: Map<string, SlackView[]>;
  /** The App Home that was published for a user, by user id. */
  readonly homes: Map<string, SlackView>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly feed: Feed;
  readonly ids: Ids;
  readonly clock: () => Date;
}

/** The app with everything that was left out of its description. */
export type InstalledApp = Required<Omit<SlackApp, 'appToken' | 'scopes'>> &
  Pick<SlackApp, 'appToken' | 'scopes'>;

/** A channel with its members; a direct message names its one user. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isArchived?: boolean;
  readonly isShared?: boolean;
  /** The other side of a direct message with the app. */
  readonly directUser?: string;
  readonly members: ReadonlySet<string>;
}

/** The right to open one modal for one user, for three seconds. */
export interface Trigger {
  readonly userId: string;
  readonly issuedAt: Date;
  /** The modal in which it arose, if any: only then may a view be pushed. */
  readonly viewId?: string;
  readonly exchanged: boolean;
}

/** The right to answer one interaction five times within thirty minutes. */
export interface ResponseUrl {
  readonly userId: string;
  readonly channelId: string;
  readonly issuedAt: Date;
  readonly uses: number;
  /** The message that was clicked, if any. */
  readonly original?: { readonly ts: string; readonly ephemeral: boolean };
}

/** What the workspace starts with. */
export interface StateOptions {
  readonly team: SlackTeam;
  readonly app: SlackApp;
  readonly users: readonly SlackUser[];
  readonly channels: readonly SlackChannel[];
  readonly usergroups?: readonly SlackUsergroup[];
  readonly clock: () => Date;
}

/** The state of a new workspace, with the app's bot among its users. */
export function createState(options: StateOptions): WorkspaceState {
  const app = completeApp(options.app);
  const bot: SlackUser = { id: app.botUserId, name: handleOf(app.name), realName: app.name, isBot: true };
  const users = byId([...options.users, bot]);
  return {
    team: options.team,
    app,
    users,
    channels: byId(options.channels.map((channel) => openChannel(channel, [...users.keys()]))),
    usergroups: byId(options.usergroups ?? []),
    messages: new Map(),
    ephemerals: [],
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    feed: createFeed(),
    ids: createIds(options.clock),
    clock: options.clock,
  };
}

function completeApp(app: SlackApp): InstalledApp {
  const suffix = app.id.replace(/^A/, '');
  return {
    ...app,
    name: app.name ?? 'App',
    shouldEscape: app.shouldEscape ?? false,
    botId: app.botId ?? `B${suffix}`,
    botUserId: app.botUserId ?? `U${suffix}BOT`,
  };
}

function handleOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-');
}

function byId<T extends { readonly id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

function openChannel(channel: SlackChannel, everybody: readonly string[]): Channel {
  return {
    id: channel.id,
    name: channel.name,
    isPrivate: channel.isPrivate ?? false,
    isArchived: channel.isArchived ?? false,
    isShared: channel.isShared ?? false,
    members: new Set(channel.memberIds ?? everybody),
  };
}
