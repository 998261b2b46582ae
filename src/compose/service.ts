import type { RequestListener } from 'node:http';
import { createApi } from '../api/index.ts';
import { type Bot, createBot } from '../bot/index.ts';
import { type Composition, compose } from '../compose.ts';
import type { Config } from '../config/index.ts';
import type { Logger } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';
import { openQueueBackend, type QueueBackend } from '../queue/index.ts';
import { createInbox } from '../services/index.ts';
import { openDatabase, pingDatabase } from '../storage/index.ts';
import { createHealth, createMetrics, type Metrics } from '../telemetry/index.ts';
import { openArrivalKey } from './arrival-key.ts';
import { scriptNotices } from './check-runner.ts';
import { readFetchSealKey } from './fetch-seal-key.ts';
import { unlessAborted } from './interruption.ts';
import { openListener } from './listener.ts';
import { watchTrust } from './live/watch.ts';
import { openProofKey, readProofKey } from './proof-key.ts';
import { runUrlOf } from './run-url.ts';
import { signHeads } from './sign-heads.ts';
import type { Surface } from './surface.ts';
import { trustNotices } from './trust-notices.ts';
import { startWork } from './work.ts';

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
  /** Ends start-up at its next step. What is up already is stopped by `Service.stop` alone. */
  readonly interrupted?: AbortSignal;
}

/**
 * Starts the named surfaces in this process, behind one HTTP listener. What was started is stopped if the rest fails.
 * @throws the reason of `interrupted` when it aborts meanwhile
 */
export async function startService(config: Config, options: ServiceOptions): Promise<Service> {
  const { interrupted = new AbortController().signal } = options;
  try {
    return await start(config, { ...options, interrupted });
  } catch (error) {
    // Nothing hides that something could not be stopped again.
    if (error instanceof SuppressedError) throw error;
    interrupted.throwIfAborted();
    throw error;
  }
}

async function start(config: Config, options: Required<ServiceOptions>): Promise<Service> {
  const { surfaces, onProgress, interrupted } = options;
  await using opening = new AsyncDisposableStack();
  const composition = await compose(config, surfaces, onProgress, interrupted);
  opening.defer(() => composition.close());
  const { databaseUrl } = composition;
  const queue = await openQueueBackend({ databaseUrl, redisUrl: config.redisUrl });
  opening.defer(() => queue.close());
  const metrics = createMetrics();
  const bot = await openBot(composition, options, opening);
  const parts = { composition, queue, bot, metrics };
  const { url } = opening.use(await openListener(config, answerWith(parts, options)));
  if (bot !== null) {
    opening.defer(() => bot.stop());
    await unlessAborted(interrupted, bot.start());
  }
  interrupted.throwIfAborted();
  opening.use(await startWork({ ...parts, ...options }));
  if (composition.evidence !== null) opening.use(await signHeads(composition.evidence, options.logger));
  opening.use(watchTrust(composition.followed, config.trustReloadSeconds, options.logger));
  interrupted.throwIfAborted();
  const scripts = await scriptNotices(config, composition.run?.checks ?? null);
  const running = opening.move();
  return {
    url,
    notices: [...noticesOf(composition, surfaces), ...scripts],
    stop: () => running.disposeAsync(),
  };
}

/** What the process is made of, once. */
interface Parts {
  readonly composition: Composition;
  readonly queue: QueueBackend;
  readonly bot: Bot | null;
  readonly metrics: Metrics;
}

async function openBot(
  { approval, slack, config, databaseUrl, links }: Composition,
  { surfaces, logger }: ServiceOptions,
  opening: AsyncDisposableStack,
): Promise<Bot | null> {
  if (!surfaces.includes('bot') || approval === null || slack === null || config.slack === null) return null;
  const environment = config.environments[0] ?? 'production';
  const { environments } = config;
  const settings = { ...config.slack, environment, environments, runUrl: runUrlOf(config, links) };
  const own = openDatabase(databaseUrl, { maxConnections: INBOX_CONNECTIONS, patience: INBOX_PATIENCE });
  opening.defer(() => own.destroy());
  const arrivalKey = await openArrivalKey(config);
  const proofOpeningKey = await openProofKey(config);
  const inbox = createInbox({ ...approval, db: own, arrivalKey });
  return createBot({ context: { ...approval, arrivalKey, proofOpeningKey }, inbox, slack, logger, settings });
}

/** Apart from those of all other work, so that no click waits for it. */
const INBOX_CONNECTIONS = 2;
/** Slack waits for three seconds; within them whoever clicked must be told that the database does not answer. */
const INBOX_PATIENCE = 2 * SECOND;

/** Slack's requests go to the bot, everything else to the API, which in other processes knows health and metrics only. */
function answerWith(
  { composition, queue, metrics, bot }: Parts,
  { surfaces, logger }: ServiceOptions,
): RequestListener {
  const { config, submission, evidence, links } = composition;
  const health = createHealth(probesOf(composition, queue, bot));
  const api = createApi({
    context:
      surfaces.includes('api') && evidence !== null
        ? {
            ...submission,
            ...evidence,
            proofKey: () => readProofKey(config),
            fetcherKey: () => readFetchSealKey(config),
          }
        : null,
    links,
    settings: { environments: config.environments, uploadLimit: config.uploadLimit },
    metrics: () => metrics.render(),
    readiness: () => health.check(),
    logger,
  });
  return (request, response) => {
    if (bot !== null && request.url?.startsWith('/slack/')) bot.handleRequest(request, response);
    else void api.nodeListener(request, response);
  };
}

/** What this process cannot work without. A queue in the database is not named apart from it. */
function probesOf(
  { base }: Composition,
  { ready }: QueueBackend,
  bot: Bot | null,
): Record<string, () => Promise<void>> {
  const slack = bot?.ready ?? null;
  return {
    database: () => pingDatabase(base.db),
    ...(ready === null ? {} : { queue: ready }),
    ...(slack === null ? {} : { slack }),
  };
}

function noticesOf(composition: Composition, surfaces: readonly Surface[]): string[] {
  const { config, monitor, submission, judge, run, approval } = composition;
  const held = [judge?.ledgerSigner, run?.workerSigner, approval?.approvalSigner];
  const notices: string[] = [];
  if (surfaces.includes('bot') && config.botAbsence !== null)
    notices.push(`the Slack bot is not running: ${config.botAbsence}`);
  if (monitor !== null && monitor.alerting.channels.length + monitor.alerting.receivers.length === 0)
    notices.push(`alerts go to the log only: ${config.botAbsence}`);
  if (surfaces.includes('queue') && surfaces.length > 1) notices.push(KEYS_NOT_SEPARATED);
  notices.push(
    ...trustNotices(
      config,
      submission.trust.policy,
      held.filter((signer) => signer !== undefined),
    ),
  );
  if (config.pipelines.length === 0)
    notices.push('no pipeline is registered: every submission will be refused');
  return notices;
}

const KEYS_NOT_SEPARATED =
  'keys not separated: this process holds the keys of several signers; run one surface per container to separate them';
