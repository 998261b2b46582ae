import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import type { OperatorTools } from '../cli/index.ts';
import { type Config, loadConfig, type ServiceEnvironment, serviceEnvironment } from '../config/index.ts';
import { CountersignError, createDirectory, peopleOf } from '../domain/index.ts';
import {
  type BaseContext,
  createPersonalToken,
  createToken,
  endToken,
  publishAgain,
  type RebuildOptions,
  rebuild,
  type TokenWish,
  tokenList,
} from '../services/index.ts';
import {
  databaseFacts,
  grantSurfaces,
  migrateDatabase,
  openDatabase,
  pingDatabase,
} from '../storage/index.ts';
import { systemClock } from './clock.ts';
import { trustOf } from './keys.ts';
import { ledgerMemory } from './ledger.ts';
import { databaseUrlFile, openStorage } from './storage.ts';

/**
 * Opens what operators' commands work with: the database of the service that is configured here, running or not.
 * @throws CountersignError `invalid_input` for a faulty configuration; `unavailable` where the database cannot be had
 */
export async function openOperatorTools(
  configPath?: string,
  environment: ServiceEnvironment = serviceEnvironment(),
): Promise<OperatorTools> {
  const config = await loadConfig(configPath ?? environment.configFile ?? 'countersign.yaml', environment);
  const { db, close } = await openOperatorStorage(config);
  const ctx = { db, clock: systemClock, newId: randomUUID };
  return {
    createToken: (wish) => makeToken(ctx, config, wish),
    listTokens: () => tokenList(ctx),
    revokeToken: (id) => endToken(ctx, id),
    publish: (name) => publishAgain(ctx, name),
    migrate: () => migrate(db),
    rebuild: (options) => rebuildAll(config, ctx, options),
    close,
  };
}

/**
 * The database of a service, whether it is running or not.
 * @throws CountersignError `unavailable` where it cannot be had
 */
export async function openOperatorStorage(config: Config): ReturnType<typeof openStorage> {
  return (await joinRunning(config)) ?? openStorage(config, () => {});
}

async function migrate(db: BaseContext['db']): Promise<{ roles: string[] }> {
  if (!(await databaseFacts(db)).mayCreate) throw notOwner();
  await migrateDatabase(db);
  return { roles: await grantSurfaces(db) };
}

async function rebuildAll(
  config: Config,
  ctx: BaseContext,
  options: RebuildOptions,
): ReturnType<OperatorTools['rebuild']> {
  if (!(await databaseFacts(ctx.db)).mayCreate) throw notOwner();
  const trust = await trustOf(config);
  const directory = createDirectory(peopleOf(trust.policy.people), config.directory);
  return rebuild({ ...ctx, trust, directory, memory: ledgerMemory(config) }, options);
}

function notOwner(): CountersignError {
  return new CountersignError(
    'forbidden',
    'the account of DATABASE_URL does not own the tables: run this as their owner',
  );
}

/** Whoever can run commands on the server is an administrator; a person is told which account of it made their token. */
function makeToken(
  ctx: BaseContext,
  config: Config,
  wish: TokenWish,
): Promise<{ readonly id: string; readonly secret: string }> {
  if (!wish.scopes.includes('decide')) return createToken(ctx, wish);
  // The bot asks the person, and holds the tokens of Slack; whoever makes a token needs none.
  if (config.slackTeam === null)
    throw new CountersignError(
      'invalid_input',
      `nobody could confirm a token that decides, for ${config.file} has no slack: section: add it, or decide nothing by API`,
    );
  const directory = createDirectory(peopleOf(config.people), config.directory);
  return createPersonalToken({ ...ctx, directory }, wish, `${userInfo().username} on ${hostname()}`);
}

/** The private database of a service that is running on this machine; null where there is none. */
async function joinRunning(config: Config): Promise<Awaited<ReturnType<typeof openStorage>> | null> {
  if (config.databaseUrl !== null) return null;
  const url = await readFile(databaseUrlFile(config), 'utf8').catch(() => null);
  if (url === null) return null;
  const db = openDatabase(url, { maxConnections: 1 });
  const close = () => db.destroy();
  try {
    await pingDatabase(db);
    return { db, url, close };
  } catch {
    await close();
    return null;
  }
}
