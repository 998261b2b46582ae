import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from './api/index.ts';
import { type Bot, createBot } from './bot/index.ts';
import { type Composition, compose, SURFACES, type Surface } from './compose.ts';
import { type Config, loadConfig, serviceEnvironment } from './config/index.ts';
import { CountersignError, type Logger, type Processors, type QueueName } from './domain/index.ts';
import { createMonitor } from './monitor/index.ts';
import {
  openQueueBackend,
  type QueueBackend,
  runProcessors,
  startRelay,
  startWorker,
} from './queue/index.ts';
import { listen, OUTBOX_CHANNEL, pingDatabase } from './storage/index.ts';
import { createHealth, createLogger, createMetrics, type Metrics } from './telemetry/index.ts';

/** A running process of the service. */
export interface Service {
  /** Where it listens. */
  readonly url: string;
  /** What an operator should know: surfaces that did not start, keys that are not separated. */
  readonly notices: readonly string[];
  /** Stops taking work, finishes or hands back what is under way, and closes everything. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly surfaces: readonly Surface[];
  /** Told what start-up is doing, in words. */
  readonly onProgress: (message: string) => void;
  readonly logger: Logger;
}

/** Starts the named surfaces in this process, behind one HTTP listener. */
export async function startService(config: Config, options: ServiceOptions): Promise<Service> {
  const releases: (() => Promise<void>)[] = [];
  const stop = () => releaseAll(releases);
  try {
    const composition = await compose(config, options.surfaces, options.onProgress);
    releases.push(() => composition.close());
    const metrics = createMetrics();
    const bot = await startBot(composition, options, releases);
    const url = await startListener(composition, metrics, bot, options, releases);
    await startQueue(composition, bot, metrics, options, releases);
    return { url, notices: noticesOf(config, options.surfaces), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Releases = (() => Promise<void>)[];

/** Last first, once; one failure does not keep the others from being released. */
async function releaseAll(releases: Releases): Promise<void> {
  const failures: unknown[] = [];
  for (const release of releases.splice(0).reverse())
    await release().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function startBot(
  { approval, slack, config }: Composition,
  { surfaces, logger }: ServiceOptions,
  releases: Releases,
): Promise<Bot | null> {
  if (!surfaces.includes('bot') || approval === null || slack === null || config.slack === null) return null;
  const bot = createBot({
    context: approval,
    slack,
    logger,
    settings: {
      ...config.slack,
      environment: config.environments[0] ?? 'production',
      publicUrl: config.publicUrl,
    },
  });
  await bot.start();
  releases.push(() => bot.stop());
  return bot;
}

/** The one listener of the process: Slack's requests to the bot, everything else to the API. */
async function startListener(
  composition: Composition,
  metrics: Metrics,
  bot: Bot | null,
  options: ServiceOptions,
  releases: Releases,
): Promise<string> {
  const { config } = composition;
  const api = apiListener(composition, metrics, options);
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (bot !== null && request.url?.startsWith('/slack/')) bot.handleRequest(request, response);
    else api(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(config, cause)));
    server.listen(config.listen.port, config.listen.host, resolve);
  });
  releases.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function listenError({ listen: { host, port } }: Config, cause: NodeJS.ErrnoException): CountersignError {
  const fix =
    cause.code === 'EADDRINUSE'
      ? 'another program listens there: set listen.port in countersign.yaml (0 takes a free one)'
      : 'check listen.host and listen.port in countersign.yaml';
  return new CountersignError('unavailable', `cannot listen on ${host}:${port} (${cause.code}): ${fix}`, {
    cause,
  });
}

function apiListener(
  composition: Composition,
  metrics: Metrics,
  { surfaces, logger }: ServiceOptions,
): RequestListener {
  const { config, base, submission, judge } = composition;
  const health = createHealth({ database: () => pingDatabase(base.db) });
  return createApi({
    context: surfaces.includes('api') && judge !== null ? { ...submission, ...judge } : null,
    settings: { environments: config.environments, uploadLimit: config.uploadLimit },
    metrics: () => metrics.render(),
    readiness: () => health.check(),
    logger,
  }).nodeListener;
}

/** Workers for the surfaces' jobs, the monitor's schedule, and the relay that feeds the queue. */
async function startQueue(
  composition: Composition,
  bot: Bot | null,
  metrics: Metrics,
  options: ServiceOptions,
  releases: Releases,
): Promise<void> {
  const { config, base, databaseUrl } = composition;
  const { logger, surfaces } = options;
  const backend = await openQueueBackend({ databaseUrl, redisUrl: config.redisUrl });
  const work = (queue: QueueName, processors: Processors, concurrency: number) =>
    startWork({ composition, backend, logger, releases }, queue, processors, concurrency);
  const relay = await startRelay(
    { ...base, logger, onCommit: (wake) => listen(databaseUrl, OUTBOX_CHANNEL, wake) },
    backend,
  );
  releases.push(() => relay.stop());
  if (surfaces.includes('queue') && composition.run !== null)
    work('runs', runProcessors(composition.run), config.worker.concurrency);
  if (bot !== null) work('slack', bot.processors, 4);
  if (composition.monitor === null) return;
  const { intervalSeconds } = config.monitor;
  const monitor = createMonitor({
    context: composition.monitor,
    intervalSeconds,
    metrics,
    logger,
  });
  work('alerts', monitor.processors, 2);
  await monitor.start();
  releases.push(() => monitor.stop());
}

interface Workshop {
  readonly composition: Composition;
  readonly backend: QueueBackend;
  readonly logger: Logger;
  readonly releases: Releases;
}

function startWork(
  { composition, backend, logger, releases }: Workshop,
  queue: QueueName,
  processors: Processors,
  concurrency: number,
): void {
  const worker = startWorker({ ...composition.base, logger }, backend, queue, processors, concurrency);
  releases.push(() => worker.stop());
}

function noticesOf(config: Config, surfaces: readonly Surface[]): string[] {
  const notices: string[] = [];
  if (surfaces.includes('bot') && config.botAbsence !== null)
    notices.push(`the Slack bot is not running: ${config.botAbsence}`);
  if (surfaces.includes('queue') && surfaces.length > 1)
    notices.push(
      'keys not separated: one process holds the keys of worker, approvals and ledger; run one surface per container to separate them',
    );
  if (config.pipelines.length === 0)
    notices.push('no pipeline is registered: every submission will be refused');
  return notices;
}

/** Which surfaces the command line names; all when it names none. */
function surfacesOf(args: readonly string[]): Surface[] {
  const unknown = args.filter((arg) => !(SURFACES as readonly string[]).includes(arg));
  if (unknown.length > 0)
    throw new CountersignError(
      'invalid_input',
      `unknown surface ${unknown.join(', ')}: expected any of ${SURFACES.join(', ')}`,
    );
  return args.length === 0 ? [...SURFACES] : [...new Set(args as Surface[])];
}

async function main(): Promise<void> {
  const environment = serviceEnvironment();
  const config = await loadConfig(environment.configFile ?? 'countersign.yaml', environment);
  const secrets = [
    environment.slackBotToken,
    environment.slackSigningSecret,
    environment.slackAppToken,
  ].filter((secret) => secret !== null);
  const logger = createLogger({ level: config.logLevel, secrets });
  const service = await startService(config, {
    surfaces: surfacesOf(process.argv.slice(2)),
    logger,
    onProgress: (message) => logger.info('starting', { step: message }),
  });
  for (const notice of service.notices) logger.warn('notice', { notice });
  logger.info('countersign is up', {
    url: service.url,
    openapi: `${service.url}/openapi.json`,
    metrics: `${service.url}/metrics`,
  });
  stopOnSignal(service, logger);
}

/** The first signal stops in order; a second one at once. */
function stopOnSignal(service: Service, logger: Logger): void {
  let stopping = false;
  const onSignal = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info('stopping', { signal });
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('could not stop in order', { reason: String(error) });
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(
      `${error instanceof CountersignError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exit(2);
  });
}
