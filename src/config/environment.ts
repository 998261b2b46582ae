import { readFileSync } from 'node:fs';
import { CountersignError } from '../domain/index.ts';
import type { VariableName } from './variables.ts';

/** Environment variables as a process has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Keys of an account at an object store. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of keys that are good for a while only. */
  readonly sessionToken: string | null;
}

/** An account at a registry. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** What the service takes from the environment: secrets and locations that differ between machines. */
export interface ServiceEnvironment {
  /** `COUNTERSIGN_CONFIG`: path of countersign.yaml. */
  readonly configFile: string | null;
  /** `DATABASE_URL`: Postgres; without it a private one runs under the data folder. */
  readonly databaseUrl: string | null;
  /** `REDIS_URL`: where the queue lives; without it, in Postgres. */
  readonly redisUrl: string | null;
  /** `COUNTERSIGN_KEY_PASSWORD`: opens encrypted signing keys. */
  readonly keyPassword: string | null;
  /** What proves the identity of a keyless signer, where CI gives it. */
  readonly identityToken: {
    /** `ACTIONS_ID_TOKEN_REQUEST_URL`, `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
    readonly github: { readonly url: string; readonly token: string } | null;
    /** `SIGSTORE_ID_TOKEN`. */
    readonly variable: string | null;
  };
  /** `SLACK_BOT_TOKEN` (`xoxb-…`). */
  readonly slackBotToken: string | null;
  /** `SLACK_SIGNING_SECRET`: for HTTP mode. */
  readonly slackSigningSecret: string | null;
  /** `SLACK_APP_TOKEN` (`xapp-…`): for Socket Mode. */
  readonly slackAppToken: string | null;
  /** `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`. */
  readonly s3: S3Credentials | null;
  /** `REGISTRY_USERNAME`, `REGISTRY_PASSWORD`. */
  readonly registry: RegistryCredentials | null;
}

/** What the command line takes from the environment. */
export interface CliEnvironment {
  /** `COUNTERSIGN_URL`: the service. */
  readonly url: string | null;
  /** `COUNTERSIGN_TOKEN`: the bearer token. */
  readonly token: string | null;
  /** `COUNTERSIGN_CONFIG`: path of countersign.yaml, for operators' commands. */
  readonly configFile: string | null;
  /** `NO_COLOR` is set. */
  readonly noColor: boolean;
}

/** Every variable may instead be given as `<NAME>_FILE`, the path of a file that holds it, as container secrets are. */
export function serviceEnvironment(variables: Variables = process.env): ServiceEnvironment {
  return {
    configFile: read(variables, 'COUNTERSIGN_CONFIG'),
    databaseUrl: read(variables, 'DATABASE_URL'),
    redisUrl: read(variables, 'REDIS_URL'),
    keyPassword: read(variables, 'COUNTERSIGN_KEY_PASSWORD'),
    identityToken: identityTokenOf(variables),
    slackBotToken: read(variables, 'SLACK_BOT_TOKEN'),
    slackSigningSecret: read(variables, 'SLACK_SIGNING_SECRET'),
    slackAppToken: read(variables, 'SLACK_APP_TOKEN'),
    ...storesOf(variables),
  };
}

function identityTokenOf(variables: Variables): ServiceEnvironment['identityToken'] {
  const [url, token] = both(variables, 'ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN');
  return { github: url === '' ? null : { url, token }, variable: read(variables, 'SIGSTORE_ID_TOKEN') };
}

function storesOf(variables: Variables): Pick<ServiceEnvironment, 's3' | 'registry'> {
  const [accessKeyId, secretAccessKey] = both(variables, 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY');
  const [username, password] = both(variables, 'REGISTRY_USERNAME', 'REGISTRY_PASSWORD');
  const sessionToken = read(variables, 'AWS_SESSION_TOKEN');
  return {
    s3: accessKeyId === '' ? null : { accessKeyId, secretAccessKey, sessionToken },
    registry: username === '' ? null : { username, password },
  };
}

/** Two variables of which neither is of use alone; empty where neither is given. */
function both(variables: Variables, one: VariableName, other: VariableName): [string, string] {
  const [first, second] = [read(variables, one), read(variables, other)];
  if ((first === null) === (second === null)) return [first ?? '', second ?? ''];
  const [given, missing] = first === null ? [other, one] : [one, other];
  throw new CountersignError('invalid_input', `${given} is set, but ${missing} is not: give both or neither`);
}

/** What the command line reads of the environment; variables as those of the service. */
export function cliEnvironment(variables: Variables = process.env): CliEnvironment {
  return {
    url: read(variables, 'COUNTERSIGN_URL'),
    token: read(variables, 'COUNTERSIGN_TOKEN'),
    configFile: read(variables, 'COUNTERSIGN_CONFIG'),
    noColor: (variables['NO_COLOR' satisfies VariableName] ?? '') !== '',
  };
}

function read(variables: Variables, name: VariableName): string | null {
  const value = variables[name]?.trim() ?? '';
  const file = variables[`${name}_FILE`]?.trim() ?? '';
  if (value !== '' && file !== '')
    throw new CountersignError('invalid_input', `both ${name} and ${name}_FILE are set: keep one`);
  if (file === '') return value === '' ? null : value;
  try {
    // An empty file is a secret that was not given, as an empty variable is.
    return readFileSync(file, 'utf8').trim() || null;
  } catch (cause) {
    throw new CountersignError('invalid_input', `${name}_FILE names ${file}, which cannot be read`, {
      cause,
    });
  }
}
