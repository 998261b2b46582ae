import type { Delivery } from './delivery.ts';
import { SlackApiError } from './error.ts';
import { escapeTyped } from './escaping.ts';
import { isObject, parseJson } from './json.ts';
import type { AppLink } from './link.ts';
import { slashCommand } from './payloads.ts';
import { answerInteraction, issueResponseUrl } from './response-urls.ts';
import type { Channel, WorkspaceState } from './state.ts';
import type { Interaction } from './submissions.ts';
import { issueTrigger } from './triggers.ts';
import type { SlackUser } from './types.ts';

/** A slash command as typed. */
export interface TypedCommand {
  /** With the slash: `/todo`. */
  readonly name: string;
  readonly text: string;
  readonly channel: Channel;
}

/** Sends a slash command and shows the app's immediate answer. */
export async function runCommand(
  state: WorkspaceState,
  link: AppLink,
  user: SlackUser,
  command: TypedCommand,
  origin: string,
): Promise<Interaction> {
  const grant = { userId: user.id, channelId: command.channel.id };
  const responseUrl = `${origin}${issueResponseUrl(state, 'commands', grant)}`;
  const trigger = issueTrigger(state, user.id);
  const text = state.app.shouldEscape ? escapeTyped(state, command.text) : command.text;
  const sent = slashCommand(state, user, { ...command, text, trigger, responseUrl });
  const delivery = await link.sendCommand(sent);
  if (!delivery.acknowledged) return { ...delivery, problem: failure(command, delivery) };
  return { ...delivery, problem: showAnswer(state, user, command, delivery.body) };
}

function failure(command: TypedCommand, delivery: Delivery): string {
  const late = delivery.status >= 200 && delivery.status < 300;
  return `${command.name} failed with the error "${late ? 'operation_timeout' : 'dispatch_failed'}"`;
}

function showAnswer(
  state: WorkspaceState,
  user: SlackUser,
  command: TypedCommand,
  body: string,
): string | null {
  if (body.trim() === '') return null;
  const parsed = parseJson(body);
  const grant = { userId: user.id, channelId: command.channel.id, issuedAt: state.clock(), uses: 0 };
  try {
    answerInteraction(state, grant, isObject(parsed) ? parsed : { text: body });
    return null;
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    return `${command.name} failed with the error "${error.message}"`;
  }
}
