import { z } from 'zod';
import type { AccountSource } from '../../domain/index.ts';
import { accountSource } from './accounts.ts';
import { interactiveCalls, type SlackConnection } from './calls.ts';
import { createChannelBook } from './channels.ts';
import { failureOf } from './failure.ts';

/** Who a bot token belongs to, and what it may do. */
export interface SlackIdentity {
  /** The workspace (`T…`); of an app that is installed for a whole organisation, that (`E…`). */
  readonly team: string;
  /** Null where Slack does not tell. */
  readonly appId: string | null;
  /** Null where Slack does not tell. */
  readonly scopes: readonly string[] | null;
}

/** A channel as the bot sees it. */
export interface SlackChannel {
  readonly id: string;
  readonly member: boolean;
  readonly archived: boolean;
}

/** What decides whether a Slack account can answer, and when its person is awake. */
export interface SlackMember {
  readonly deactivated: boolean;
  readonly guest: boolean;
  readonly bot: boolean;
  /** IANA name; null where Slack does not tell. */
  readonly timeZone: string | null;
}

/** Questions about how the app is set up; every one throws SlackFailure or CountersignError where it has no answer. */
export interface SlackInspector {
  identity(): Promise<SlackIdentity>;
  /** By id or name. */
  channel(reference: string): Promise<SlackChannel>;
  member(user: string): Promise<SlackMember>;
  /** Member ids of a user group. */
  readonly membersOf: AccountSource['membersOf'];
}

const Identity = z.object({
  team_id: z.string(),
  enterprise_id: z.string().nullish(),
  is_enterprise_install: z.boolean().nullish(),
  bot_id: z.string().optional(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});
const BotInfo = z.object({ bot: z.object({ app_id: z.string() }) });
const Channel = z.object({
  channel: z.object({
    id: z.string(),
    is_member: z.boolean().optional(),
    is_archived: z.boolean().optional(),
  }),
});
const Member = z.object({
  user: z.object({
    deleted: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    tz: z.string().nullish(),
  }),
});

/** Asks Slack with a bot token. Nothing is changed or posted. */
export function inspectSlack(connection: SlackConnection): SlackInspector {
  const call = interactiveCalls(connection);
  const channels = createChannelBook(call);
  return {
    identity: async () => {
      const identity = await call('auth.test', {}, Identity);
      const { team_id, enterprise_id, is_enterprise_install, bot_id, response_metadata } = identity;
      const appId =
        bot_id === undefined
          ? null
          : await call('bots.info', { bot: bot_id }, BotInfo).then(({ bot }) => bot.app_id, ifNotAllowed);
      const team = is_enterprise_install === true ? (enterprise_id ?? team_id) : team_id;
      return { team, appId, scopes: response_metadata?.scopes ?? null };
    },
    channel: async (reference) => {
      const { channel } = await call(
        'conversations.info',
        { channel: await channels.idOf(reference) },
        Channel,
      );
      return {
        id: channel.id,
        member: channel.is_member ?? false,
        archived: channel.is_archived ?? false,
      };
    },
    member: async (user) => toMember(await call('users.info', { user }, Member)),
    membersOf: accountSource(call).membersOf,
  };
}

/** @throws SlackFailure unless an app-level token opens a Socket Mode connection */
export async function testAppToken(connection: SlackConnection): Promise<void> {
  await interactiveCalls(connection)('apps.connections.open', {}, z.object({ url: z.string() }));
}

function ifNotAllowed(error: unknown): null {
  if (failureOf('bots.info', error).code === 'missing_scope') return null;
  throw error;
}

function toMember({ user }: z.infer<typeof Member>): SlackMember {
  const { deleted, is_restricted, is_ultra_restricted, is_stranger, is_bot, tz } = user;
  return {
    deactivated: deleted ?? false,
    guest: [is_restricted, is_ultra_restricted, is_stranger].includes(true),
    bot: is_bot ?? false,
    timeZone: tz ?? null,
  };
}
