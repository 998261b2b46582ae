import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { loadOrCreateSigner, publicPath } from '../../src/attestation/index.ts';
import { type SlackMessage, type SlackWorkspace, startSlackWorkspace } from '../../src/demo/slack/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import { type Db, openDatabase } from '../../src/storage/index.ts';
import { type BotStory, openBotStory, slackUserOf, TEAM } from '../../test/support/bot-story.ts';

export const CHANNEL = 'C0APPROVALS';
const APP_ID = 'A0COUNTERSIGN';
const BOT_TOKEN = 'xoxb-of-the-bench';
const APP_TOKEN = 'xapp-of-the-bench';
const SIGNING_SECRET = 'the-signing-secret-of-the-bench';
const ROOT = join(import.meta.dirname, '../..');

/** Eight people whose roles must all be covered, and four who hold none. */
export const DECIDERS = Array.from({ length: 8 }, (_, index) => `decider${index + 1}`);
export const BYSTANDERS = Array.from({ length: 4 }, (_, index) => `bystander${index + 1}`);
const roleOf = (id: string) => id.replace('decider', 'role_');

/** How Slack reaches a bot. */
type Way = 'socket' | 'http';

/** A workspace, a database, and bots in processes of their own. */
export interface Ground extends AsyncDisposable {
  readonly slack: SlackWorkspace;
  readonly db: Db;
  readonly botToken: string;
  /** Starts a bot; resolves when it is up. Over Socket Mode, or over HTTP, to which Slack is connected then. */
  startBot(way: Way): Promise<RunningBot>;
  /** The same for the least that a Bolt app can do, which our bot is held against. */
  startEcho(way: Way): Promise<RunningBot>;
  /** Asks for approvals of new model versions; resolves when a bot has posted all cards. */
  ask(count: number): Promise<SlackMessage[]>;
}

/** A bot's process. */
export interface RunningBot {
  /** Where it listens. */
  readonly url: string;
  kill(): Promise<void>;
}

/**
 * Opens a ground on a migrated database.
 * @param shared variables of all bots
 * @param main the program that starts them
 */
export async function openGround(
  databaseUrl: string,
  shared: Environment = {},
  main = join(ROOT, 'src/main.ts'),
): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-clicks-'));
  const db = openDatabase(databaseUrl);
  await sql`create table public.echo (id bigint generated always as identity, who text)`.execute(db);
  const slack = await startSlackWorkspace({
    team: { id: TEAM, domain: 'bench', name: 'Bench' },
    app: { id: APP_ID, botToken: BOT_TOKEN, appToken: APP_TOKEN, signingSecret: SIGNING_SECRET },
    users: [...DECIDERS, ...BYSTANDERS].map((id) => ({ id: slackUserOf(id), name: id, realName: id })),
    channels: [{ id: CHANNEL, name: 'model-governance' }],
    clock: () => new Date(),
  });
  await Promise.all((['worker', 'ledger'] as const).map((name) => publishKey(folder, name)));
  const story = openBotStory(db, {
    approval: 'confirmation: click',
    persons: [{ id: 'sam', roles: [] }, ...DECIDERS.map((id) => ({ id, roles: [{ role: roleOf(id) }] }))],
    approvalRoles: DECIDERS.map(roleOf),
  });
  const bots = new Set<RunningBot>();
  let asked = 0;
  const start = async (way: Way, args: readonly string[], environment: Environment) => {
    const secrets =
      way === 'socket' ? { SLACK_APP_TOKEN: APP_TOKEN } : { SLACK_SIGNING_SECRET: SIGNING_SECRET };
    const common = { ...shared, DATABASE_URL: databaseUrl, SLACK_BOT_TOKEN: BOT_TOKEN };
    const bot = await launch(args, { ...common, ...secrets, ...environment });
    bots.add(bot);
    slack.connect(way === 'socket' ? null : `${bot.url}/slack/events`);
    return bot;
  };
  return {
    slack,
    db,
    botToken: BOT_TOKEN,
    startBot: async (way) => {
      const file = join(folder, `${way}.yaml`);
      await writeFile(join(folder, PIPELINE_FILE), sourceOf(story));
      await writeFile(file, JSON.stringify(configuration(slack.apiUrl)));
      return start(way, [main, 'bot'], { COUNTERSIGN_CONFIG: file });
    },
    startEcho: (way) =>
      start(way, [join(import.meta.dirname, 'echo-child.ts')], { SLACK_API_URL: slack.apiUrl }),
    ask: async (count) => {
      const before = slack.messages(CHANNEL).length;
      for (let index = 0; index < count; index++) {
        asked += 1;
        const artifact = digestOf(`model ${asked}`);
        await story.submit({ modelId: 'fraud-detection', modelVersion: `${asked}.0.0`, artifact });
      }
      await until(() => slack.messages(CHANNEL).length === before + count, 'all cards are posted');
      return slack.messages(CHANNEL).slice(before);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...bots].map((bot) => bot.kill()));
      await db.destroy();
      await slack.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const PIPELINE_FILE = 'governance-pipeline.yaml';

/** The bots must know the pipeline: a request under one that counts no more is ended. */
function sourceOf({ context }: BotStory): string {
  const [pipeline] = context.trust.pipelines.values();
  if (pipeline === undefined) throw new Error('the story has no pipeline');
  return pipeline.source;
}

/** Bots wait at their start for the key of a worker, which has none here. */
async function publishKey(folder: string, name: 'worker' | 'ledger'): Promise<void> {
  const keys = join(folder, 'keys', name);
  const trust = join(folder, 'trust');
  await mkdir(trust, { recursive: true });
  await loadOrCreateSigner(keys, name, new Date().toISOString());
  await copyFile(publicPath(keys, name), publicPath(trust, name));
}

/** The pace at which Slack takes messages of one channel is lifted: what is measured is the bot. */
function configuration(apiUrl: string): object {
  const person = (id: string, roles: readonly string[]) => ({
    id,
    name: id,
    roles: roles.map((role) => ({ role })),
    slack: [{ team: TEAM, user: slackUserOf(id) }],
  });
  return {
    listen: { port: 0 },
    data_dir: '.',
    log_level: 'info',
    pipelines: [{ file: PIPELINE_FILE }],
    slack: {
      team: TEAM,
      app_id: APP_ID,
      approval_channel: CHANNEL,
      api_url: apiUrl,
      calls_per_second: 100,
    },
    people: [
      ...DECIDERS.map((id) => person(id, [roleOf(id)])),
      ...BYSTANDERS.map((id) => person(id, [])),
      person('sam', []),
    ],
  };
}

type Environment = Readonly<Record<string, string>>;

/** Starts a script that says its URL when it is up. */
async function launch(args: readonly string[], environment: Environment): Promise<RunningBot> {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let hasEnded = false;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const gone = new Promise<void>((resolve) =>
    child.once('close', () => {
      hasEnded = true;
      resolve();
    }),
  );
  const url = () => /"url":"([^"]+)"/.exec(output)?.[1];
  await until(() => url() !== undefined || hasEnded, 'the bot is up');
  if (hasEnded) throw new Error(`the bot did not start:\n${output}`);
  return {
    url: url() ?? '',
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const PATIENCE = 120_000;

/** Waits until something holds. @throws Error, with its name, after two minutes */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  patience = PATIENCE,
): Promise<void> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > patience) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
