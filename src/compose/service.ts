import type { RequestListener } from 'node:http';
import { createApi } from '../api/index.ts';
import { type Bot, createBot } from '../bot/index.ts';
import { type Composition, compose } from '../compose.ts';
import type { Config } from '../config/index.ts';
import type { Logger } from '../domain/index.ts';
import { pingDatabase } from '../storage/index.ts';
import { createHealth, createMetrics, type Metrics } from '../telemetry/index.ts';
import { openListener } from './listener.ts';
import type { Surface } from './surface.ts';
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
}

/** Starts the named surfaces in this process, behind one HTTP listener. What was started is stopped if the rest fails. */
export async function startService(config: Config, options: ServiceOptions): Promise<Service> {
  await using opening = new AsyncDisposableStack();
  const composition = await compose(config, options.surfaces, options.onProgress);
  opening.defer(() => composition.close());
  const metrics = createMetrics();
  const bot = openBot(composition, options);
  const { url } = opening.use(await openListener(config, answerWith(composition, metrics, bot, options)));
  if (bot !== null) {
    await bot.start();
    opening.defer(() => bot.stop());
  }
  opening.use(await startWork({ composition, bot, metrics, ...options }));
  const running = opening.move();
  return { url, notices: noticesOf(composition, options.surfaces), stop: () => running.disposeAsync() };
}

function openBot({ approval, slack, config }: Composition, { surfaces, logger }: ServiceOptions): Bot | null {
  if (!surfaces.includes('bot') || approval === null || slack === null || config.slack === null) return null;
  const environment = config.environments[0] ?? 'production';
  const settings = { ...config.slack, environment, publicUrl: config.publicUrl };
  return createBot({ context: approval, slack, logger, settings });
}

/** Slack's requests go to the bot, everything else to the API, which in other processes knows health and metrics only. */
function answerWith(
  composition: Composition,
  metrics: Metrics,
  bot: Bot | null,
  { surfaces, logger }: ServiceOptions,
): RequestListener {
  const { config, base, submission, judge } = composition;
  const health = createHealth({ database: () => pingDatabase(base.db) });
  const api = createApi({
    context: surfaces.includes('api') && judge !== null ? { ...submission, ...judge } : null,
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

function noticesOf({ config, monitor }: Composition, surfaces: readonly Surface[]): string[] {
  const notices: string[] = [];
  if (surfaces.includes('bot') && config.botAbsence !== null)
    notices.push(`the Slack bot is not running: ${config.botAbsence}`);
  if (monitor !== null && monitor.alertChannel === null)
    notices.push(`alerts go to the log only: ${config.botAbsence}`);
  if (surfaces.includes('queue') && surfaces.length > 1) notices.push(KEYS_NOT_SEPARATED);
  if (config.pipelines.length === 0)
    notices.push('no pipeline is registered: every submission will be refused');
  return notices;
}

const KEYS_NOT_SEPARATED =
  'keys not separated: this process holds the keys of several signers; run one surface per container to separate them';
