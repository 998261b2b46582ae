import type { JsonObject } from './json.ts';

/** The workspace ("team" in Slack's API). */
export interface SlackTeam {
  /** For example `T0DEMO`. */
  readonly id: string;
  /** The part before `.slack.com`. */
  readonly domain: string;
  readonly name: string;
  /** The Enterprise Grid organization that the workspace belongs to; none unless told. */
  readonly enterprise?: { readonly id: string; readonly name: string };
  /** Whether the app was installed for the whole organization rather than for this workspace. */
  readonly isEnterpriseInstall?: boolean;
  /** User groups need a paid plan; `paid` unless told. */
  readonly plan?: 'free' | 'paid';
}

/** The one app that is installed in the workspace. */
export interface SlackApp {
  /** `api_app_id` of every payload, for example `A0DEMO`. */
  readonly id: string;
  /** The bearer token that the Web API accepts. */
  readonly botToken: string;
  /** The secret that signs every request to the app. */
  readonly signingSecret: string;
  /** The app-level token (`xapp-…`) that opens Socket Mode connections; none is accepted unless told. */
  readonly appToken?: string;
  /** The bot scopes that were granted; all that there are unless told. */
  readonly scopes?: readonly string[];
  /** `should_escape` of its slash commands in the manifest; false unless told. */
  readonly shouldEscape?: boolean;
  /** Name shown beside the app's messages; `App` unless told. */
  readonly name?: string;
  /** Bot id (`B…`) in messages and `auth.test`; derived from the app id unless told. */
  readonly botId?: string;
  /** User id (`U…`) of the bot; derived from the app id unless told. */
  readonly botUserId?: string;
}

/** One account in the workspace. */
export interface SlackUser {
  readonly id: string;
  /** The handle; free text that proves nothing. */
  readonly name: string;
  readonly realName: string;
  /** IANA time zone; `Etc/UTC` unless told. */
  readonly tz?: string;
  readonly isBot?: boolean;
  /** Deactivated: still listed, can do nothing. */
  readonly deleted?: boolean;
  /** A guest sees only the channels that he is a member of. */
  readonly guest?: boolean;
  /** A guest of one channel alone. */
  readonly singleChannelGuest?: boolean;
  /** Home workspace of somebody who comes in by Slack Connect; the workspace itself unless told. */
  readonly teamId?: string;
}

/** One channel, or a direct message between the app and one user. */
export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  /** Everybody, the bot included, unless told. */
  readonly memberIds?: readonly string[];
  readonly isPrivate?: boolean;
  /** Nobody can post any more. */
  readonly isArchived?: boolean;
  /** Shared with another workspace by Slack Connect. */
  readonly isShared?: boolean;
}

/** One user group (`@handle`). */
export interface SlackUsergroup {
  readonly id: string;
  readonly handle: string;
  readonly name?: string;
  readonly userIds: readonly string[];
  readonly disabled?: boolean;
}

/** A message as the Web API gives it, with the channel it is in. */
export interface SlackMessage {
  readonly type: 'message';
  readonly channel: string;
  /** Slack's timestamp and identity of the message within its channel: `1795000000.000100`. */
  readonly ts: string;
  /** Who wrote it: the bot's user id for the app's messages. */
  readonly user: string;
  readonly team: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly attachments?: readonly JsonObject[];
  readonly metadata?: JsonObject;
  readonly thread_ts?: string;
  readonly subtype?: string;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly bot_profile?: JsonObject;
  readonly reactions?: readonly SlackReaction[];
}

/** One emoji under a message. */
interface SlackReaction {
  readonly name: string;
  readonly users: readonly string[];
  readonly count: number;
}

/** A message that one user alone sees. */
export interface SlackEphemeral extends SlackMessage {
  /** Id of the user who sees it. */
  readonly recipient: string;
}

/** An open modal, or an App Home, as the Web API gives it. */
export interface SlackView {
  readonly id: string;
  readonly team_id: string;
  readonly type: 'modal' | 'home';
  readonly callback_id: string;
  readonly external_id: string;
  readonly private_metadata: string;
  readonly title: JsonObject;
  readonly submit: JsonObject | null;
  readonly close: JsonObject | null;
  readonly blocks: readonly JsonObject[];
  readonly state: { readonly values: ViewValues };
  readonly hash: string;
  readonly clear_on_close: boolean;
  readonly notify_on_close: boolean;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
  readonly app_id: string;
  readonly bot_id: string;
  readonly app_installed_team_id: string;
}

/** What was filled in: by block id, then by action id. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
