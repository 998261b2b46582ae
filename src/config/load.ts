import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  CountersignError,
  type DirectoryEntry,
  invalidInput,
  type Person,
  type TrustPolicy,
} from '../domain/index.ts';
import { parseYaml, yamlPlaces } from '../lib/index.ts';
import { alertProblems } from './alert-problems.ts';
import { type AlertsConfig, alertsConfig } from './alerting.ts';
import { type EnforcementConfig, enforcementConfig } from './enforcement.ts';
import type { RegistryCredentials, S3Credentials, ServiceEnvironment } from './environment.ts';
import { environmentsWhere } from './environments.ts';
import { type FetchConfig, fetchConfigOf } from './fetch.ts';
import { type Keyless, loadKeyless } from './keyless.ts';
import { organisationProblems, type PlaceOf, peopleFrom, peopleProblems } from './people.ts';
import { loadPipelines, type RegisteredPipeline } from './pipelines.ts';
import { bucketOf, type PublishPlace, placesOf, type S3Bucket } from './publish.ts';
import { ConfigFile } from './schema.ts';
import { type SlackConfig, slackConfig } from './slack.ts';

/** Everything that the service is told, parsed once, paths absolute. */
export interface Config {
  readonly file: string;
  /** Tells where the value at a path stands in the file, for problems that only a later look finds. */
  readonly placeOf: PlaceOf;
  readonly listen: { readonly host: string; readonly port: number };
  readonly publicUrl: string | null;
  /** Days for which a link to a page opens it. */
  readonly linksValidDays: number;
  readonly dataDir: string;
  readonly keysDir: string;
  readonly trustDir: string;
  readonly signing: Pick<ConfigFile['signing'], 'algorithm'> & {
    readonly keyPassword: string | null;
  } & Keyless;
  /** Where the signed trust policy and its public key lie; null where each process makes its own. */
  readonly trustPolicy: { readonly file: string; readonly key: string } | null;
  /** Where governance is required. */
  readonly environments: readonly string[];
  /** Where it is not. */
  readonly excusedEnvironments: readonly string[];
  readonly pipelines: readonly RegisteredPipeline[];
  readonly people: readonly Person[];
  readonly directory: readonly DirectoryEntry[];
  readonly revoked: TrustPolicy['revoked'];
  readonly slack: SlackConfig | null;
  /** The workspace or organisation that people use, also where this process holds no Slack tokens; null for none. */
  readonly slackTeam: string | null;
  /** Why the bot cannot run; null when it can. */
  readonly botAbsence: string | null;
  readonly ledger: {
    readonly origin: string;
    readonly publish: {
      /** Absolute. */
      readonly directories: readonly string[];
      readonly buckets: readonly S3Bucket[];
      readonly slackChannel: string | null;
      readonly everyMinutes: number;
    };
  };
  readonly alerts: AlertsConfig;
  readonly enforcement: EnforcementConfig;
  readonly monitor: {
    readonly intervalSeconds: number;
    readonly auditHours: number;
    readonly expiryWarningDays: readonly number[];
    readonly sources: ConfigFile['monitor']['sources'];
  };
  readonly publish: {
    readonly places: readonly PublishPlace[];
    readonly verifier: string;
    readonly inspectMinutes: number;
    readonly s3: S3Credentials | null;
    readonly registry: RegistryCredentials | null;
  };
  /** Seconds between two looks at the trust policy and the keys. */
  readonly trustReloadSeconds: number;
  readonly fetch: FetchConfig;
  /** Folders of known cases of the operator's own. */
  readonly knownCases: readonly string[];
  readonly worker: { readonly concurrency: number; readonly checkTimeoutSeconds: number };
  /** Paths absolute, otherwise as the file has it. */
  readonly checks: Omit<ConfigFile['checks'], 'known'>;
  readonly uploadLimit: number;
  readonly logLevel: ConfigFile['log_level'];
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
}

/**
 * Reads countersign.yaml and the pipeline files that it names.
 * @throws CountersignError `invalid_input` with every problem, each at its line and column
 */
export async function loadConfig(path: string, environment: ServiceEnvironment): Promise<Config> {
  const file = resolve(path);
  const source = { file: path, text: await readText(file) };
  const parsed = parseYaml(source, ConfigFile);
  if (!parsed.ok) throw invalidInput(path, parsed.problems);
  const placeOf = yamlPlaces(source);
  const problems = peopleProblems(parsed.value, placeOf);
  const pipelines = await loadPipelines(dirname(file), parsed.value.pipelines, placeOf, problems);
  problems.push(...organisationProblems(parsed.value, placeOf), ...alertProblems(parsed.value, placeOf));
  const reading = { base: dirname(file), placeOf, environment, problems };
  const keyless = await loadKeyless(parsed.value.signing, reading);
  if (problems.length > 0) throw invalidInput(path, problems);
  return toConfig({ file, placeOf, pipelines, keyless }, parsed.value, environment);
}

/** What the configuration's other files hold. */
interface Loaded extends Pick<Config, 'file' | 'placeOf' | 'pipelines'> {
  readonly keyless: Keyless;
}

function toConfig(
  { file, placeOf, pipelines, keyless }: Loaded,
  raw: ConfigFile,
  environment: ServiceEnvironment,
): Config {
  const base = dirname(file);
  const dataDir = resolve(base, raw.data_dir);
  const { slack, absence } = slackConfig(raw, environment);
  const { known, ...checks } = raw.checks;
  return {
    file,
    placeOf,
    listen: raw.listen,
    publicUrl: raw.public_url ?? null,
    linksValidDays: raw.links_valid_days,
    dataDir,
    keysDir: resolve(base, raw.keys_dir ?? `${dataDir}/keys`),
    trustDir: resolve(base, raw.trust_dir ?? `${dataDir}/trust`),
    signing: { algorithm: raw.signing.algorithm, keyPassword: environment.keyPassword, ...keyless },
    trustPolicy: trustPolicyFiles(base, raw),
    environments: environmentsWhere(raw.environments, 'required'),
    excusedEnvironments: environmentsWhere(raw.environments, 'not_required'),
    pipelines,
    ...peopleFrom(raw.people),
    revoked: raw.revoked,
    slack,
    slackTeam: raw.slack?.team ?? null,
    botAbsence: absence,
    ledger: ledgerConfig(base, raw.ledger),
    alerts: alertsConfig(base, raw),
    enforcement: enforcementConfig(base, raw.enforcement),
    monitor: {
      intervalSeconds: raw.monitor.interval_seconds,
      auditHours: raw.monitor.audit_hours,
      expiryWarningDays: raw.monitor.expiry_warning_days,
      sources: resolveSources(base, raw.monitor.sources),
    },
    publish: publishConfig(raw, environment, { base, dataDir }),
    fetch: fetchConfigOf(raw.fetch, base),
    knownCases: known.map((folder) => resolve(base, folder)),
    trustReloadSeconds: raw.trust_reload_seconds,
    worker: { concurrency: raw.worker.concurrency, checkTimeoutSeconds: raw.worker.check_timeout_seconds },
    checks: { ...checks, directory: resolve(base, checks.directory) },
    uploadLimit: raw.upload_limit_bytes,
    logLevel: raw.log_level,
    databaseUrl: environment.databaseUrl,
    redisUrl: environment.redisUrl,
  };
}

function ledgerConfig(base: string, { origin, publish }: ConfigFile['ledger']): Config['ledger'] {
  const { directories, slack_channel, every_minutes: everyMinutes } = publish;
  const buckets = publish.buckets.map((bucket) => bucketOf(bucket, base));
  const paths = directories.map((path) => resolve(base, path));
  return {
    origin,
    publish: { directories: paths, buckets, slackChannel: slack_channel ?? null, everyMinutes },
  };
}

function publishConfig(
  { publish }: ConfigFile,
  { s3, registry }: ServiceEnvironment,
  { base, dataDir }: { readonly base: string; readonly dataDir: string },
): Config['publish'] {
  const { verifier_id: verifier, inspect_minutes: inspectMinutes } = publish;
  return { places: placesOf(publish, base, dataDir), verifier, inspectMinutes, s3, registry };
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const fix = 'countersign init writes one to start from; name another with COUNTERSIGN_CONFIG';
    throw new CountersignError('invalid_input', `${file} cannot be read (${cause.code}): ${fix}`, { cause });
  });
}

function trustPolicyFiles(base: string, { trust_policy: policy }: ConfigFile): Config['trustPolicy'] {
  return policy === undefined ? null : { file: resolve(base, policy.file), key: resolve(base, policy.key) };
}

function resolveSources(
  base: string,
  sources: ConfigFile['monitor']['sources'],
): ConfigFile['monitor']['sources'] {
  return sources.map((source) =>
    typeof source['path'] === 'string' ? { ...source, path: resolve(base, source['path']) } : source,
  );
}
