import { createApi } from '../../src/api/index.ts';
import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { DAY, later, publicHalfOf } from '../../src/lib/index.ts';
import { createPersonalToken } from '../../src/services/index.ts';
import { requestOf } from '../api/open-api.ts';
import { type BotHarness, PROOF_KEY } from './bot-harness.ts';
import { SLACK_USERS } from './bot-story.ts';

type User = keyof typeof SLACK_USERS;

/** A token of a person, by its id and secret. */
export type IssuedToken = Awaited<ReturnType<typeof createPersonalToken>>;

/** Makes a token with which somebody decides; the bot asks them about it. */
export async function issueToken(harness: BotHarness, person: User): Promise<IssuedToken> {
  const { context } = harness.story;
  const wish = { subject: `person:${person}`, scopes: ['decide'] as const, note: 'laptop' };
  const expiresAt = later(context.clock.now(), 30 * DAY);
  const token = await createPersonalToken(context, { ...wish, expiresAt }, 'ops on gov-1');
  await workWell(harness);
  return token;
}

/** What the bot sent somebody about tokens. */
export function tokenMessage({ slack }: BotHarness, user: User): SlackMessage {
  const message = slack
    .messages(SLACK_USERS[user])
    .filter((said) => JSON.stringify(said.blocks).includes('laptop'))
    .at(-1);
  if (message === undefined) throw new Error(`${user} was sent nothing`);
  return message;
}

/** Has somebody click a button of a message about their token. */
export async function sayOfToken(
  harness: BotHarness,
  user: User,
  text: string,
  message = tokenMessage(harness, user),
): Promise<void> {
  const { channel, ts } = message;
  await harness.slack.as(SLACK_USERS[user]).clickButton({ channel, ts, text });
  await workWell(harness);
}

/** The secret of a token that its person has confirmed. */
export async function confirmedToken(harness: BotHarness, person: User): Promise<string> {
  const { secret } = await issueToken(harness, person);
  await sayOfToken(harness, person, 'Confirm');
  return secret;
}

/** The API on the database of a bot. */
export function apiOf({ story: { context } }: BotHarness) {
  return createApi({
    context: { ...context, proofKey: async () => publicHalfOf(PROOF_KEY) },
    links: null,
    settings: { environments: ['production'], uploadLimit: 1 },
    metrics: () => null,
    readiness: async () => ({}),
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });
}

/** Asks the API, while the bot does what there is to do; a card that Slack does not take is due again later. */
export function askApi(harness: BotHarness, path: string, secret: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  return whileBotWorks(harness, apiOf(harness).fetch(requestOf(path, init)));
}

/** Waits for something that the bot has its part in. */
export async function whileBotWorks<T>(harness: BotHarness, work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  work.then(end, end);
  while (!isDone) await harness.work();
  return work;
}

async function workWell(harness: BotHarness): Promise<void> {
  const [failure] = await harness.work();
  if (failure !== undefined) throw failure;
}
