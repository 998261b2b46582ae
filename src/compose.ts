import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createVerifier,
  loadOrCreateSigner,
  publicPath,
  readPublicSigner,
  type StatementSigner,
} from './attestation/index.ts';
import { checkByName, checkNames, createCheckRunner, parameterProblems } from './checks/index.ts';
import type { Config } from './config/index.ts';
import {
  type Clock,
  CountersignError,
  createDirectory,
  invalidInput,
  peopleOf,
  type SignerName,
  type Trust,
  type TrustedSigner,
} from './domain/index.ts';
import { createBlobStore } from './evidence/index.ts';
import { createSources } from './inventory/index.ts';
import { yamlPlaces } from './lib/index.ts';
import { createSlackClient, type SlackClient, createAlertChannel } from './notify/index.ts';
import type {
  AlertContext,
  ApprovalContext,
  BaseContext,
  JudgeContext,
  MonitorContext,
  RunContext,
  SubmissionContext,
} from './services/index.ts';
import {
  type EmbeddedPostgres,
  migrateDatabase,
  openDatabase,
  startEmbeddedPostgres,
} from './storage/index.ts';

/** What a process may run. */
export const SURFACES = ['api', 'queue', 'bot', 'monitor'] as const;
export type Surface = (typeof SURFACES)[number];

/** The signers that each surface holds; no surface holds another's. */
const SIGNERS_OF: Readonly<Record<Surface, readonly SignerName[]>> = {
  api: ['ledger'],
  queue: ['worker'],
  bot: ['approvals', 'ledger'],
  monitor: ['ledger'],
};

/** Everything that the surfaces of a process are made of. A surface takes its own part and no more. */
export interface Composition {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly base: BaseContext;
  readonly submission: SubmissionContext;
  readonly judge: JudgeContext | null;
  readonly run: RunContext | null;
  readonly approval: (ApprovalContext & JudgeContext) | null;
  readonly monitor: (MonitorContext & AlertContext) | null;
  readonly slack: SlackClient | null;
  /** Releases what was opened, last first. */
  close(): Promise<void>;
}

export const systemClock: Clock = { now: () => new Date().toISOString() };

/** Opens the database, the stores and the signers that the surfaces need, and checks the pipelines that count. */
export async function compose(
  config: Config,
  surfaces: readonly Surface[],
  progress: (message: string) => void,
): Promise<Composition> {
  refuseUnknownChecks(config);
  const database = await openStorage(config, progress);
  const signers = await openSigners(config, surfaces);
  const trust = await gatherTrust(config, progress);
  const base: BaseContext = { db: database.db, clock: systemClock, newId: randomUUID };
  const directory = createDirectory(peopleOf(config.people), config.directory);
  const blobs = createBlobStore(join(config.dataDir, 'blobs'), randomUUID);
  const submission = { ...base, trust, directory, blobs, checkVersions: checkVersions() };
  const ledgerSigner = signers.get('ledger');
  const judge = ledgerSigner && {
    ...base,
    trust,
    directory,
    verifier: createVerifier(trust.policy),
    ledgerSigner,
  };
  const slack =
    config.slack && (surfaces.includes('bot') || surfaces.includes('monitor'))
      ? createSlackClient({ token: config.slack.botToken, apiUrl: config.slack.apiUrl })
      : null;
  const workerSigner = signers.get('worker');
  const approvalSigner = signers.get('approvals');
  return {
    config,
    databaseUrl: database.url,
    base,
    submission,
    judge: judge ?? null,
    run: workerSigner
      ? {
          ...submission,
          workerSigner,
          checks: createCheckRunner({ limits: { wallSeconds: config.worker.checkTimeoutSeconds } }),
        }
      : null,
    approval: approvalSigner && judge ? { ...judge, approvalSigner } : null,
    monitor:
      judge && surfaces.includes('monitor')
        ? {
            ...judge,
            sources: createSources(config.monitor.sources),
            alertChannel: alertChannelOf(config, slack),
          }
        : null,
    slack,
    close: database.close,
  };
}

function alertChannelOf(config: Config, slack: SlackClient | null): AlertContext['alertChannel'] {
  if (slack === null || config.slack === null) return null;
  const name = config.slack.alertChannel;
  return { name, channel: createAlertChannel(slack, name) };
}

function checkVersions(): Map<string, string> {
  return new Map(checkNames().map((name) => [name, checkByName(name)?.version ?? 'none']));
}

/** A pipeline that names a check which does not exist must not count: it could never be passed, or would be passed over. */
function refuseUnknownChecks(config: Config): void {
  const problems = config.pipelines.flatMap(({ pipeline, file }) => {
    const placeOf = yamlPlaces({ file, text: pipeline.source });
    return pipeline.stages.flatMap((stage, index) =>
      stage.kind === 'approval'
        ? []
        : parameterProblems(stage).map(({ path, message, fix }) => ({
            where: placeOf(['stages', index, ...path]),
            message: `stage ${stage.name}: ${message}`,
            ...(fix ? { fix } : {}),
          })),
    );
  });
  if (problems.length > 0) throw invalidInput('a registered pipeline', problems);
}

interface OpenStorage {
  readonly db: BaseContext['db'];
  readonly url: string;
  close(): Promise<void>;
}

/** Connects to the database that the environment names, or runs a private one under the data folder. */
async function openStorage(config: Config, progress: (message: string) => void): Promise<OpenStorage> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const embedded =
    config.databaseUrl === null
      ? await startEmbeddedPostgres({ dataDir: config.dataDir, onProgress: progress })
      : null;
  const url = embedded?.connectionString ?? config.databaseUrl ?? '';
  if (embedded !== null) await rememberDatabaseUrl(config, embedded);
  const db = openDatabase(url);
  const close = async () => {
    await db.destroy();
    await embedded?.stop();
  };
  try {
    await migrateDatabase(db);
  } catch (cause) {
    await close();
    throw new CountersignError('unavailable', `the database cannot be prepared: ${String(cause)}`, { cause });
  }
  return { db, url, close };
}

function databaseUrlFile(config: Config): string {
  return join(config.dataDir, 'database-url');
}

/** Lets an operator's command on this machine reach the private database of a service that is running. */
async function rememberDatabaseUrl(config: Config, { connectionString }: EmbeddedPostgres): Promise<void> {
  await writeFile(databaseUrlFile(config), connectionString, { mode: 0o600 });
  await chmod(databaseUrlFile(config), 0o600);
}

async function openSigners(
  config: Config,
  surfaces: readonly Surface[],
): Promise<Map<SignerName, StatementSigner>> {
  await mkdir(config.trustDir, { recursive: true, mode: 0o755 });
  const names = new Set(surfaces.flatMap((surface) => SIGNERS_OF[surface]));
  const opened = [...names].map(async (name) => {
    const folder = join(config.keysDir, name);
    const { signer } = await loadOrCreateSigner(folder, name, systemClock.now());
    await writeFile(publicPath(config.trustDir, name), await readFile(publicPath(folder, name)));
    return [name, signer] as const;
  });
  return new Map(await Promise.all(opened));
}

const NEEDED_SIGNERS: readonly SignerName[] = ['worker', 'approvals', 'ledger'];
const TRUST_WAIT_ROUNDS = 15;

/** Puts the trust policy together; processes that start at the same time wait for each other's public keys. */
async function gatherTrust(config: Config, progress: (message: string) => void): Promise<Trust> {
  const found = await Promise.all(
    NEEDED_SIGNERS.map((name) => awaitPublicSigner(config.trustDir, name, progress)),
  );
  const signers = found.filter((signer) => signer !== null);
  const pipelines = config.pipelines.map(({ pipeline, models, environments }) => ({
    digest: pipeline.digest,
    models: [...models],
    environments: [...environments],
  }));
  return {
    policy: { signers, pipelines, revoked: config.revoked, people: [...config.people] },
    pipelines: new Map(config.pipelines.map(({ pipeline }) => [pipeline.digest, pipeline])),
  };
}

async function awaitPublicSigner(
  folder: string,
  name: SignerName,
  progress: (message: string) => void,
): Promise<TrustedSigner | null> {
  for (let round = 1; round <= TRUST_WAIT_ROUNDS; round++) {
    try {
      return await readPublicSigner(folder, name);
    } catch (error) {
      if (!(error instanceof CountersignError) || error.code !== 'not_found') throw error;
      if (round === 1) progress(`waiting for the public key of the ${name} signer in ${folder}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
  progress(
    `nothing that the ${name} signer signs counts in this process: start its surface, then this one again`,
  );
  return null;
}
