import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemClock } from '../compose/clock.ts';
import { type Service, startService } from '../compose/service.ts';
import { loadConfig, serviceEnvironment } from '../config/index.ts';
import { createToken } from '../services/index.ts';
import { openDatabase, removeEmbeddedPostgres, startEmbeddedPostgres } from '../storage/index.ts';
import { createLogger } from '../telemetry/index.ts';
import { ALERTS, APP, APPROVALS, CAST, CI_IDENTITY, slackOptions, TEAM } from './cast.ts';
import { type SlackWorkspace, startSlackWorkspace } from './slack/index.ts';

/** The checkout: where the examples and the sources lie. */
const ROOT = resolve(import.meta.dirname, '../..');
export const EXAMPLE = join(ROOT, 'examples/fraud-detection');
/** The pipeline of the specification, word for word. */
export const REFERENCE_PIPELINE = join(ROOT, 'examples/governance-pipeline.yaml');
const DATA = join(ROOT, '.countersign/demo');

/** Everything that the story happens in. */
export interface World {
  readonly slack: SlackWorkspace;
  readonly service: Service;
  /** Bearer token of CI. */
  readonly token: string;
  readonly dataDir: string;
  /** The configuration of the service. */
  readonly configFile: string;
  /** Aborts when the world ends, and with it every command that still runs. */
  readonly end: AbortSignal;
  /** Writes the list of what is deployed, as a deployment tool would. */
  deploy(deployments: readonly Deployed[]): Promise<void>;
  close(): Promise<void>;
}

/** One serving model in the story: a copy of a file, under a name. */
export interface Deployed {
  readonly name: string;
  readonly version: string;
}

/** Where a deployment's model file lies. */
export function servingFile(world: Pick<World, 'dataDir'>, name: string): string {
  return join(world.dataDir, 'serving', name, 'model.onnx');
}

/**
 * Sets the stage afresh: whatever an earlier demo left is stopped and removed first.
 * @throws the reason of `interrupted` when it aborts meanwhile; nothing runs on then
 */
export async function openWorld(
  onProgress: (message: string) => void,
  interrupted: AbortSignal = new AbortController().signal,
): Promise<World> {
  await sweep(onProgress);
  interrupted.throwIfAborted();
  await using opening = new AsyncDisposableStack();
  opening.defer(() => removeEmbeddedPostgres(DATA));
  await mkdir(DATA, { recursive: true, mode: 0o700 });
  const secrets = {
    botToken: `xoxb-${randomBytes(16).toString('hex')}`,
    signingSecret: randomBytes(16).toString('hex'),
  };
  const slack = await startSlackWorkspace(slackOptions(secrets));
  opening.defer(() => slack.close());
  const service = await openService(slack, secrets, onProgress, interrupted);
  opening.defer(() => service.stop());
  slack.connect(`${service.url}/slack/events`);
  const token = await issueToken();
  // First of all to end: the commands that still run.
  const end = new AbortController();
  opening.defer(() => end.abort());
  const open = opening.move();
  const close = () => open.disposeAsync();
  return {
    slack,
    service,
    token,
    dataDir: DATA,
    configFile: join(DATA, 'countersign.yaml'),
    end: end.signal,
    deploy: writeDeployments,
    close,
  };
}

async function openService(
  slack: SlackWorkspace,
  secrets: { botToken: string; signingSecret: string },
  onProgress: (message: string) => void,
  interrupted: AbortSignal,
): Promise<Service> {
  await writeDeployments([]);
  await writeFile(join(DATA, 'countersign.yaml'), configText(slack.apiUrl));
  const config = await loadConfig(join(DATA, 'countersign.yaml'), {
    ...serviceEnvironment({}),
    slackBotToken: secrets.botToken,
    slackSigningSecret: secrets.signingSecret,
  });
  const logger = createLogger({ level: 'warn', secrets: Object.values(secrets) });
  return startService(config, {
    surfaces: ['api', 'queue', 'bot', 'monitor'],
    onProgress,
    logger,
    interrupted,
  });
}

/** Ends what a demo that was killed left running, and removes its data. A demo that still runs is left alone: this throws then. */
async function sweep(onProgress: (message: string) => void): Promise<void> {
  if (await exists(join(DATA, 'postgres'))) {
    onProgress('Ending what an earlier demo left');
    const left = await startEmbeddedPostgres({ dataDir: DATA });
    await left.stop();
  }
  await removeEmbeddedPostgres(DATA);
  await rm(DATA, { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A token for CI, as `countersign tokens create` makes it. */
async function issueToken(): Promise<string> {
  const db = openDatabase(await readFile(join(DATA, 'database-url'), 'utf8'), { maxConnections: 1 });
  try {
    const ctx = {
      db,
      clock: systemClock,
      newId: () => randomBytes(16).toString('hex'),
    };
    const wish = {
      subject: `ci:${CI_IDENTITY}`,
      scopes: ['read', 'submit'] as const,
      note: 'demo',
      expiresAt: null,
    };
    return (await createToken(ctx, wish)).secret;
  } finally {
    await db.destroy();
  }
}

function configText(apiUrl: string): string {
  const people = Object.values(CAST).map((person) => ({
    id: person.id,
    name: person.name,
    roles: person.role === null ? [] : [person.role],
    slack: [{ team: TEAM, user: person.slack }],
    git: [`${person.id}@kestrel-pay.example`],
    ci: person.id === 'dana' ? [CI_IDENTITY] : [],
  }));
  // JSON is YAML: no writer needed.
  return JSON.stringify(
    {
      listen: { host: '127.0.0.1', port: 0 },
      data_dir: '.',
      pipelines: [{ file: REFERENCE_PIPELINE, parameters: join(EXAMPLE, 'check-parameters.yaml') }],
      people,
      slack: {
        team: TEAM,
        app_id: APP,
        approval_channel: APPROVALS.id,
        alert_channel: ALERTS.id,
        api_url: apiUrl,
      },
      monitor: {
        interval_seconds: 1,
        sources: [{ type: 'file', name: 'cluster', path: 'deployments.yaml' }],
      },
    },
    null,
    2,
  );
}

/** Replaced in one step, so that the monitor never reads half a list. */
async function writeDeployments(list: readonly Deployed[]): Promise<void> {
  const deployments = list.map(({ name, version }) => ({
    name,
    environment: 'production',
    model_id: 'fraud-detection',
    model_version: version,
    path: `serving/${name}/model.onnx`,
    replicas: 2,
  }));
  const file = join(DATA, 'deployments.yaml');
  await writeFile(`${file}.new`, JSON.stringify({ deployments }, null, 2));
  await rename(`${file}.new`, file);
}

/** Puts a model file where a deployment serves it from, in one step. */
export async function serve(world: Pick<World, 'dataDir'>, name: string, model: string): Promise<void> {
  const file = servingFile(world, name);
  await mkdir(join(file, '..'), { recursive: true });
  await copyFile(model, `${file}.new`);
  await rename(`${file}.new`, file);
}
