import { type Service, startService } from './compose/service.ts';
import { SURFACES, type Surface } from './compose/surface.ts';
import { loadConfig, type ServiceEnvironment, serviceEnvironment } from './config/index.ts';
import { CountersignError, type Logger } from './domain/index.ts';
import { createLogger } from './telemetry/index.ts';

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
  const secrets = secretsOf(environment);
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

/** Everything that must never be written to a log, passwords within addresses too. */
function secretsOf(environment: ServiceEnvironment): string[] {
  const { slackBotToken, slackSigningSecret, slackAppToken, databaseUrl, redisUrl } = environment;
  const passwords = [databaseUrl, redisUrl].map((url) =>
    url !== null && URL.canParse(url) ? new URL(url).password : null,
  );
  const decoded = passwords.map((password) => (password === null ? null : decodeURIComponent(password)));
  const all = [slackBotToken, slackSigningSecret, slackAppToken, ...passwords, ...decoded];
  return all.filter((secret) => secret !== null && secret !== '') as string[];
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
