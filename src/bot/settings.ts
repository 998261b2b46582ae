import type { GroupRule } from '../domain/index.ts';

/** How Slack reaches the bot. */
export type BotTransport =
  /** Slack posts to our URL; requests are signed with this secret. */
  | { readonly kind: 'http'; readonly signingSecret: string }
  /** We open a WebSocket to Slack with this app-level token. */
  | { readonly kind: 'socket'; readonly appToken: string };

/** What the bot is told. */
export interface BotSettings {
  /**
   * Workspace id (`T…`), or organisation id (`E…`) where the app is installed for a whole organisation: whatever comes
   * from another one has no effect.
   */
  readonly team: string;
  /** App id (`A…`): payloads of another app have no effect. */
  readonly appId: string;
  readonly botToken: string;
  /** Base of Slack's Web API; null for Slack's own. */
  readonly apiUrl: string | null;
  /** Roles of the members of user groups. */
  readonly userGroups: readonly GroupRule[];
  /** Channel, by id or name, in which approval cards appear. */
  readonly approvalChannel: string;
  /** Where approved models may serve traffic; what `status` judges for unless told otherwise. */
  readonly environment: string;
  /** All where governance is required, that one first. */
  readonly environments: readonly string[];
  /** Where people read a run in full; null leaves the link out. */
  readonly runUrl: (runId: string) => string | null;
  /** Null where cards are shown but nobody can click: clicks cannot reach us. */
  readonly transport: BotTransport | null;
}
