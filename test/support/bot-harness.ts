import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Bot, type BotSettings, createBot } from '../../src/bot/index.ts';
import {
  type InputValues,
  type Interaction,
  type SlackMessage,
  type SlackWorkspace,
  type SlackWorkspaceOptions,
  startSlackWorkspace,
} from '../../src/demo/slack/index.ts';
import {
  digestOf,
  type GroupRule,
  type Logger,
  type Processors,
  type QueueName,
} from '../../src/domain/index.ts';
import { newOpeningKey } from '../../src/lib/index.ts';
import {
  APPROVE_ACTION,
  APPROVE_VIEW,
  createSlackClient,
  GOVERNANCE_COMMAND,
} from '../../src/notify/index.ts';
import { createInbox, type DueJob, finishJob, relayDueJobs } from '../../src/services/index.ts';
import { unexpectedDecisions } from '../../src/services/unexpected-decisions.ts';
import { findApprovalRequestOfRun, type Run } from '../../src/storage/index.ts';
import {
  type BotStory,
  openBotStory,
  SLACK_USERS,
  type StoryOptions,
  type StorySubmission,
  TEAM,
} from './bot-story.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** A line that the bot logged. */
export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A request for approval whose card stands in the channel. */
export interface Asked {
  readonly run: Run;
  readonly requestId: string;
  readonly card: SlackMessage;
}

/** The bot with everything that it needs, all real but for slack.com. */
export interface BotHarness extends AsyncDisposable {
  readonly slack: SlackWorkspace;
  readonly story: BotStory;
  readonly bot: Bot;
  readonly log: readonly LogLine[];
  /** Where the bot receives requests. */
  readonly url: string;
  readonly database: TestDatabase;
  /** Submits a high-risk model version and waits for its card. */
  ask(submission?: Partial<StorySubmission>): Promise<Asked>;
  /**
   * Does all jobs of the bot that are due, at the same time, until there are no more; their failures are returned. Then
   * brings the cards up to date that are behind; what fails there is logged, and due again a little later.
   */
  work(): Promise<unknown[]>;
  /** Has somebody click Approve and, where a form opens, send it; the jobs that follow are left to do. */
  approve(user: keyof typeof SLACK_USERS, card: SlackMessage, values?: InputValues): Promise<Interaction>;
  /** Has somebody approve, or click Reject…, and does the jobs that follow. */
  click(user: keyof typeof SLACK_USERS, card: SlackMessage, button?: 'Approve' | 'Reject…'): Promise<void>;
  /** What the card shows now. */
  now(card: SlackMessage): SlackMessage;
  /** What somebody was told for their eyes only, oldest first. */
  told(user: keyof typeof SLACK_USERS): string[];
  /** What became of everything that was kept in the inbox, oldest first; null where nothing has yet. */
  answered(): Promise<(string | null)[]>;
}

/** A click as Slack sends it; what is not given is as it should be. */
export interface ClickPayload {
  readonly user?: string;
  readonly userTeam?: string;
  readonly team?: string;
  readonly app?: string;
  readonly action?: string;
  readonly value: string;
  readonly channel?: string;
}

async function approve(
  slack: SlackWorkspace,
  user: string,
  { channel, ts }: SlackMessage,
  values: InputValues = {},
): Promise<Interaction> {
  const known = new Set(slack.modals(user).map(({ id }) => id));
  const clicked = await slack.as(user).clickButton({ channel, ts, actionId: APPROVE_ACTION });
  const form = slack
    .modals(user)
    .find(({ id, callback_id }) => callback_id === APPROVE_VIEW && !known.has(id));
  return form === undefined ? clicked : slack.as(user).submitModal(form.id, values);
}

let clicks = 0;

/** The form of a click that no client of the stand-in would send. */
export function clickBody(click: ClickPayload): string {
  clicks += 1;
  const { user = SLACK_USERS.lea, team = TEAM, app = APP_ID, action = 'approval.approve' } = click;
  const payload = {
    type: 'block_actions',
    api_app_id: app,
    team: { id: team },
    user: { id: user, team_id: click.userTeam ?? team },
    channel: { id: click.channel ?? APPROVALS },
    trigger_id: '1.2.3',
    actions: [
      {
        type: 'button',
        action_id: action,
        block_id: 'b',
        value: click.value,
        action_ts: `1795000000.${clicks}`,
      },
    ],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

/** The form in which an approval is confirmed, sent without a client of the stand-in; equal ids are the same sending. */
export function confirmationBody({ value, user = SLACK_USERS.lea }: ClickPayload, viewId = 'V1'): string {
  const view = {
    id: viewId,
    hash: 'h',
    callback_id: APPROVE_VIEW,
    private_metadata: JSON.stringify({ button: value, channel: APPROVALS, ending: null }),
    state: { values: {} },
  };
  const payload = {
    type: 'view_submission',
    api_app_id: APP_ID,
    team: { id: TEAM },
    user: { id: user, team_id: TEAM },
    view,
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

/** The opaque value behind a card's buttons. */
export function buttonValueOf(card: { readonly blocks: readonly unknown[] }): string {
  return /"value":"([^"]+)"/.exec(JSON.stringify(card.blocks))?.[1] ?? '';
}

export const APPROVALS = 'C0APPROVALS';
export const APP_ID = 'A0COUNTERSIGN';
export const SIGNING_SECRET = 'the-signing-secret-of-the-test';
export const BOT_TOKEN = 'xoxb-the-bot-token-of-the-test';
export const APP_TOKEN = 'xapp-1-A0COUNTERSIGN-the-app-token-of-the-test';

const CHANNELS = [
  { id: APPROVALS, name: 'model-governance' },
  { id: 'C0ALERTS', name: 'model-alerts' },
  { id: 'C0ELSEWHERE', name: 'elsewhere', memberIds: Object.values(SLACK_USERS) },
];

/** What a test's bot starts with. */
export interface HarnessOptions extends StoryOptions {
  /** How clicks and commands reach the bot: HTTP unless told. */
  readonly transport?: 'http' | 'socket';
  /** Roles of user groups; none unless told. The groups are empty. */
  readonly userGroups?: readonly GroupRule[];
  /** The organisation that the workspace belongs to, and whether the app is installed for all of it; none unless told. */
  readonly grid?: Pick<SlackWorkspaceOptions['team'], 'enterprise' | 'isEnterpriseInstall'>;
}

/** Starts a workspace, a bot and a database for one test. */
export async function startBotHarness(options: HarnessOptions = {}): Promise<BotHarness> {
  const database = await createTestDatabase();
  const story = openBotStory(database.db, options);
  const slack = await startSlackWorkspace({
    team: { id: TEAM, domain: 'test', name: 'Test', ...options.grid },
    app: {
      id: APP_ID,
      botToken: BOT_TOKEN,
      appToken: APP_TOKEN,
      signingSecret: SIGNING_SECRET,
      name: 'Countersign',
      shouldEscape: GOVERNANCE_COMMAND.should_escape,
    },
    users: usersOfWorkspace(),
    channels: CHANNELS,
    usergroups: (options.userGroups ?? []).map(({ group }) => ({ id: group, handle: group, userIds: [] })),
    clock: () => new Date(),
  });
  const log: LogLine[] = [];
  const { grid } = options;
  const bySocket = options.transport === 'socket';
  const bot = openBot(asBot(story, database), slack, log, {
    ...(bySocket ? { transport: { kind: 'socket', appToken: APP_TOKEN } } : {}),
    userGroups: options.userGroups ?? [],
    ...(grid?.isEnterpriseInstall ? { team: grid.enterprise?.id ?? '', approvalChannel: APPROVALS } : {}),
  });
  await bot.start();
  const server = createServer((request, response) => bot.handleRequest(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  slack.connect(bySocket ? null : url);
  const work = () => workOff(story, bot);
  const now = (card: SlackMessage) => messageAt(slack, card.channel, card.ts);
  return {
    slack,
    story,
    bot,
    log,
    url,
    database,
    work,
    now,
    answered: async () => {
      const rows = await database.db.selectFrom('inbox').select('outcome').orderBy('received_at').execute();
      return rows.map(({ outcome }) => outcome);
    },
    told: (user) => slack.ephemerals(SLACK_USERS[user]).map(textOf),
    ask: (submission = {}) => ask(story, slack, work, submission),
    approve: (user, card, values) => approve(slack, SLACK_USERS[user], card, values),
    click: async (user, card, button = 'Approve') => {
      if (button === 'Approve') await approve(slack, SLACK_USERS[user], card);
      else
        await slack.as(SLACK_USERS[user]).clickButton({ channel: card.channel, ts: card.ts, text: button });
      throwFirst(await work());
    },
    [Symbol.asyncDispose]: async () => {
      await bot.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await slack.close();
      await database.close();
    },
  };
}

/** Why the monitor would say that nobody asked for what stands in the ledger. */
export async function unaskedIn({ story: { context }, database: { db } }: BotHarness): Promise<string[]> {
  const everything = { size: 0, seenAt: context.clock.now(), unexpected: [] };
  return (await unexpectedDecisions(context, db, everything)).map(({ why }) => why);
}

function usersOfWorkspace() {
  return Object.entries(SLACK_USERS).map(([name, id]) => ({
    id,
    name,
    realName: name.charAt(0).toUpperCase() + name.slice(1),
    ...(name === 'guest' ? { teamId: 'T0OTHER' } : {}),
  }));
}

/** A story whose services have the database as the role of the bot has it. */
function asBot(story: BotStory, database: TestDatabase): BotStory {
  return { ...story, context: { ...story.context, db: database.as('bot') } };
}

/** By which the bots of a test know what they put into the inbox themselves. */
export const ARRIVAL_KEY = 'known to the bots of the test';
/** Opens the proofs that come to the bots of a test with answers by API. */
export const PROOF_KEY = newOpeningKey();

/** A bot as main would make it. */
export function openBot(
  story: BotStory,
  slack: SlackWorkspace,
  log: LogLine[],
  change: Partial<BotSettings> = {},
): Bot {
  const logger = listLogger(log);
  return createBot({
    context: { ...story.context, arrivalKey: ARRIVAL_KEY, proofOpeningKey: PROOF_KEY },
    inbox: createInbox({ ...story.context, arrivalKey: ARRIVAL_KEY }),
    slack: createSlackClient({ token: BOT_TOKEN, apiUrl: slack.apiUrl, logger }),
    logger,
    settings: {
      team: TEAM,
      appId: APP_ID,
      botToken: BOT_TOKEN,
      apiUrl: slack.apiUrl,
      userGroups: [],
      approvalChannel: '#model-governance',
      environment: 'production',
      environments: ['production', 'shadow eu'],
      runUrl: (id) => `https://governance.example/runs/${id}`,
      transport: { kind: 'http', signingSecret: SIGNING_SECRET },
      ...change,
    },
  });
}

/** A logger that writes to a list. */
export function listLogger(log: LogLine[]): Logger {
  const at =
    (level: keyof Logger) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      log.push({ level, message, fields });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

async function ask(
  story: BotStory,
  slack: SlackWorkspace,
  work: () => Promise<unknown[]>,
  submission: Partial<StorySubmission>,
): Promise<Asked> {
  const before = slack.messages(APPROVALS).length;
  const run = await story.submit({
    modelId: 'fraud-detection',
    modelVersion: '4.1.2',
    artifact: digestOf(`bytes ${before}`),
    ...submission,
  });
  throwFirst(await work());
  const request = await findApprovalRequestOfRun(story.context.db, run.id);
  const card = slack.messages(APPROVALS)[before];
  if (request === null || card === undefined) throw new Error(`no card was posted: ${run.failure}`);
  return { run, requestId: request.id, card };
}

/**
 * Does all jobs of a bot that are due until there are no more, then delivers its cards; failures are returned.
 * @param others what other processes do with the jobs of their queues, which are passed over unless they are given
 */
export async function workOff(
  story: BotStory,
  bot: Bot,
  others: Readonly<Partial<Record<QueueName, Processors>>> = {},
): Promise<unknown[]> {
  const queues = { ...others, slack: bot.processors, answers: bot.processors };
  const failures: unknown[] = [];
  for (;;) {
    const jobs: DueJob[] = [];
    await relayDueJobs(story.context, async (job) => {
      jobs.push(job);
    });
    if (jobs.length === 0) {
      await bot.deliver();
      return failures;
    }
    const results = await Promise.allSettled(jobs.map((job) => doJob(story, queues, job)));
    for (const result of results) if (result.status === 'rejected') failures.push(result.reason);
  }
}

async function doJob(
  story: BotStory,
  queues: Readonly<Partial<Record<QueueName, Processors>>>,
  job: DueJob,
): Promise<void> {
  await queues[job.queue]?.[job.name]?.(job.payload);
  await finishJob(story.context, job.id);
}

function throwFirst(failures: readonly unknown[]): void {
  if (failures.length > 0) throw failures[0];
}

function messageAt(slack: SlackWorkspace, channel: string, ts: string): SlackMessage {
  const message = slack.messages(channel).find((candidate) => candidate.ts === ts);
  if (message === undefined) throw new Error(`there is no message ${ts} in ${channel}`);
  return message;
}

/** Everything that a message says, as one text. */
export function textOf(message: { readonly text: string; readonly blocks?: unknown }): string {
  const words: string[] = [message.text];
  JSON.stringify(message.blocks ?? [], (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') words.push(value);
    return value;
  });
  return words.join('\n');
}

/** The words on a message's buttons. */
export function buttonsOf(message: { readonly blocks?: unknown }): string[] {
  const found: string[] = [];
  JSON.stringify(message.blocks ?? [], (_key, value: unknown) => {
    const element = value as { type?: unknown; text?: { text?: string } } | null;
    if (element?.type === 'button') found.push(element.text?.text ?? '');
    return value;
  });
  return found;
}
