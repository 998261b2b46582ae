import type { SlackMessage } from '../../../src/demo/slack/index.ts';
import { decisionsOn } from '../../../src/storage/index.ts';
import { type BotHarness, buttonsOf, textOf } from '../bot-harness.ts';
import { SLACK_USERS } from '../bot-story.ts';
import type { Telling } from './bot.ts';

type User = keyof typeof SLACK_USERS;

/** Clicks a button; where it is not there any more there is nothing to do. */
export async function press(
  harness: BotHarness,
  user: User,
  message: SlackMessage,
  text: string,
): Promise<boolean> {
  const { channel, ts } = message;
  const current = harness.slack.messages(channel).find((said) => said.ts === ts) ?? message;
  if (!buttonsOf(current).includes(text)) return true;
  return (await harness.slack.as(SLACK_USERS[user]).clickButton({ channel, ts, text })).acknowledged;
}

/** The form that somebody has open. */
export const formOf = ({ slack }: BotHarness, user: User) => slack.modals(SLACK_USERS[user]).at(-1)?.id ?? '';

/** Sends the form that is open now; Slack keeps it open where it was not taken. */
export function send(harness: BotHarness, user: User, values: Readonly<Record<string, string>>) {
  const form = formOf(harness, user);
  return async () => {
    const sent = await harness.slack.as(SLACK_USERS[user]).submitModal(form, values);
    return sent.acknowledged && Object.keys(sent.errors).length === 0;
  };
}

/** Whether somebody is told something from now on. */
export function listen(harness: BotHarness, user: User, words: string): () => boolean {
  const before = harness.told(user).length;
  return () =>
    harness
      .told(user)
      .slice(before)
      .some((text) => text.includes(words));
}

/** What somebody was sent in their direct messages. */
export const direct = ({ slack }: BotHarness, user: User) => slack.messages(SLACK_USERS[user]).map(textOf);

/** Who decided what, as it stands. */
export async function decided({ story }: BotHarness, requestId: string): Promise<string[]> {
  const decisions = await decisionsOn(story.context.db, requestId);
  return decisions.map(({ person, decision }) => `${person} ${decision}`);
}

/** The one answer of a story about a request: what is on record, and whether its person and the card say so. */
interface Expected {
  readonly requestId: string;
  readonly card: SlackMessage;
  readonly user: User;
  readonly says: string;
  readonly shows: string;
}

/** Looks for that answer. */
export function recorded(
  harness: BotHarness,
  { requestId, card, user, says, shows }: Expected,
): Telling['outcome'] {
  const isTold = listen(harness, user, says);
  return async () => ({
    decisions: await decided(harness, requestId),
    isTold: isTold(),
    isShown: textOf(harness.now(card)).includes(shows),
  });
}

/** Both do. */
export const shown = { isTold: true, isShown: true };
