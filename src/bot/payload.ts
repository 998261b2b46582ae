import { z } from 'zod';
import type { SlackAccount } from '../domain/index.ts';
import { storable } from '../lib/index.ts';

const Id = z.string().min(1).max(64);
const Actor = z.object({
  user: z.object({ id: Id, team_id: Id.nullish() }),
  team: z.object({ id: Id }).nullish(),
});

const ClickBody = Actor.extend({
  trigger_id: z.string().max(512).optional(),
  channel: z.object({ id: Id }).nullish(),
  message: z.object({ ts: Id }).nullish(),
  container: z.object({ channel_id: Id.optional(), message_ts: Id.optional() }).nullish(),
  actions: z
    .array(
      z.object({ action_id: z.string().max(255), action_ts: Id, value: z.string().max(2000).optional() }),
    )
    .min(1),
});

/** Typed, or chosen. */
const FieldState = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
});

const SubmissionBody = Actor.extend({
  view: z.object({
    id: Id,
    hash: z.string().max(255),
    private_metadata: z.string().max(3000),
    state: z.object({
      values: z.record(z.string(), z.record(z.string(), FieldState)),
    }),
  }),
});

const CommandBody = z.object({
  team_id: Id,
  user_id: Id,
  channel_id: Id,
  text: z.string().max(4000).default(''),
  response_url: z.url().max(1000),
  trigger_id: z.string().max(512).default(''),
});

/** A button that somebody clicked. */
export interface Click {
  readonly account: SlackAccount;
  readonly channel: string | null;
  /** The message that the button is on; null where it is on none. */
  readonly message: string | null;
  readonly actionId: string;
  /** When, by Slack's clock; names the click together with who and what. */
  readonly actionTs: string;
  readonly value: string;
  readonly triggerId: string;
}

/** A modal that somebody filled in. */
export interface Submission {
  readonly account: SlackAccount;
  readonly viewId: string;
  readonly hash: string;
  readonly privateMetadata: string;
  /** What was typed into a field, or chosen in it; empty where nothing was. */
  value(block: string, input: string): string;
}

/** A slash command that somebody gave. */
export interface CommandCall {
  readonly account: SlackAccount;
  readonly channel: string;
  readonly text: string;
  readonly responseUrl: string;
  /** Names this one giving of it. */
  readonly triggerId: string;
}

/** The click in a payload; null when it is not what Slack sends. */
export function readClick(body: unknown): Click | null {
  const read = ClickBody.safeParse(body);
  const action = read.data?.actions[0];
  if (!read.success || action === undefined) return null;
  const { channel, message, container, trigger_id } = read.data;
  return {
    account: accountOf(read.data),
    channel: channel?.id ?? container?.channel_id ?? null,
    message: message?.ts ?? container?.message_ts ?? null,
    actionId: action.action_id,
    actionTs: action.action_ts,
    value: storable(action.value ?? ''),
    triggerId: trigger_id ?? '',
  };
}

const PageTurnBody = ClickBody.extend({ response_url: z.url().max(1000) });

/** A button that stands for a command and is answered where it is. */
export interface PageTurn {
  readonly account: SlackAccount;
  readonly channel: string | null;
  readonly command: string;
  readonly responseUrl: string;
}

/** The turn of a page in a payload; null when it is not what Slack sends. */
export function readPageTurn(body: unknown): PageTurn | null {
  const read = PageTurnBody.safeParse(body);
  const click = readClick(body);
  if (!read.success || click === null) return null;
  const { account, channel, value: command } = click;
  return { account, channel, command, responseUrl: read.data.response_url };
}

/** The submission in a payload; null when it is not what Slack sends. */
export function readSubmission(body: unknown): Submission | null {
  const read = SubmissionBody.safeParse(body);
  if (!read.success) return null;
  const { id, hash, private_metadata, state } = read.data.view;
  return {
    account: accountOf(read.data),
    viewId: id,
    hash,
    privateMetadata: private_metadata,
    value: (block, input) => {
      const field = fieldOf(fieldOf(state.values, block), input);
      return field?.selected_option?.value ?? field?.value ?? '';
    },
  };
}

/** The command in a payload; null when it is not what Slack sends. */
export function readCommand(body: unknown): CommandCall | null {
  const read = CommandBody.safeParse(body);
  if (!read.success) return null;
  const { team_id, user_id, channel_id, text, response_url, trigger_id } = read.data;
  return {
    account: { team: team_id, user: user_id },
    channel: channel_id,
    text,
    responseUrl: response_url,
    triggerId: trigger_id,
  };
}

/** A person's own workspace counts, not the one that the click happened in. */
function accountOf({ user, team }: z.infer<typeof Actor>): SlackAccount {
  return { team: user.team_id ?? team?.id ?? '', user: user.id };
}

function fieldOf<T>(fields: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
}
