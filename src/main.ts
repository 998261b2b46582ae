import { aborted, Interruption, onInterruption } from './compose/interruption.ts';
import { startService } from './compose/service.ts';
import { SURFACES, type Surface } from './compose/surface.ts';
import { loadConfig, type ServiceEnvironment, serviceEnvironment } from './config/index.ts';
import { CountersignError } from './domain/index.ts';
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

/** Runs until a signal, and returns when everything has ended in order. */
async function main(): Promise<void> {
  const interrupted = onInterruption();
  const environment = serviceEnvironment();
  const config = await loadConfig(environment.configFile ?? 'countersign.yaml', environment);
  const secrets = secretsOf(environment);
  const logger = createLogger({ level: config.logLevel, secrets });
  void aborted(interrupted).then((reason) => logger.info('stopping', { reason: String(reason) }));
  const service = await startService(config, {
    surfaces: surfacesOf(process.argv.slice(2)),
    logger,
    interrupted,
    onProgress: (message) => logger.info('starting', { step: message }),
  });
  for (const notice of service.notices) logger.warn('notice', { notice });
  logger.info('countersign is up', {
    url: service.url,
    openapi: `${service.url}/openapi.json`,
    metrics: `${service.url}/metrics`,
  });
  await aborted(interrupted);
  await service.stop();
}

/** Everything that must never be written to a log, passwords within addresses too. */
function secretsOf(environment: ServiceEnvironment): string[] {
  const { slackBotToken, slackSigningSecret, slackAppToken, databaseUrl, redisUrl, s3, registry } =
    environment;
  const { keyPassword, identityToken } = environment;
  const passwords = [databaseUrl, redisUrl].map((url) =>
    url !== null && URL.canParse(url) ? new URL(url).password : null,
  );
  const decoded = passwords.map((password) => (password === null ? null : decodeURIComponent(password)));
  const stores = [s3?.accessKeyId, s3?.secretAccessKey, s3?.sessionToken, registry?.password];
  const signing = [keyPassword, identityToken.github?.token, identityToken.variable];
  const slack = [slackBotToken, slackSigningSecret, slackAppToken];
  const all = [...slack, ...signing, ...passwords, ...decoded, ...stores];
  return all.flatMap((secret) => secret || []);
}

/** 0 where a signal ended it in order, during start-up too; 2 where it could not start or not stop. */
function statusOf(error: unknown): number {
  if (error instanceof Interruption) return 0;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${error instanceof CountersignError ? error.message : message}\n`);
  return 2;
}

if (import.meta.main) {
  main().then(
    () => process.exit(0),
    (error: unknown) => process.exit(statusOf(error)),
  );
}
