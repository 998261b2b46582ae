import { z } from 'zod';
import { Digest, PersonId, type Revocations, Role, RoleGrant, StatementId } from '../domain/index.ts';

const Text = z.string().min(1).max(512);
const Patterns = z.array(Text).min(1).default(['*']);

/** A pipeline that counts. */
const PipelineEntry = z.strictObject({
  /** Path of the pipeline file, relative to this file. Its bytes' digest goes into the trust policy. */
  file: Text,
  /** Models for which it counts; `*` for all. */
  models: Patterns,
  /** Environments in which it counts; `*` for all. */
  environments: Patterns,
});

/** One human with all of their accounts. */
const PersonEntry = z.strictObject({
  id: PersonId,
  /** Shown to people; decides nothing. */
  name: Text,
  /** Roles held: a name, or an object with `from` and `until` to keep the past true after a change. */
  roles: z.array(z.union([Role.transform((role): RoleGrant => ({ role })), RoleGrant])).default([]),
  /** Slack accounts: ids, never names. */
  slack: z.array(z.strictObject({ team: Text, user: Text })).default([]),
  /** E-mail addresses in Git. */
  git: z.array(Text).default([]),
  /** CI identities, as in the subject of their tokens. */
  ci: z.array(Text).default([]),
});

/** The Slack workspace. Tokens come from the environment. */
const Slack = z.strictObject({
  /** Workspace id (`T…`): clicks from any other are refused. */
  team: Text,
  /** App id (`A…`): payloads of any other app are refused. */
  app_id: Text,
  /** Channel id (`C…`) or name in which approval cards appear. */
  approval_channel: Text,
  /** Channel id or name in which alerts appear; the approval channel by default. */
  alert_channel: Text.optional(),
  /** Base URL of the Web API, for proxies and tests. */
  api_url: z.url().optional(),
});

const Monitor = z.strictObject({
  /** Seconds between two ticks. */
  interval_seconds: z.int().min(1).max(3600).default(30),
  /** Places where deployments can be seen. Each names its type; its other keys are the type's. */
  sources: z.array(z.looseObject({ type: Text, name: Text })).default([]),
});

const Worker = z.strictObject({
  /** Runs at a time. */
  concurrency: z.int().min(1).max(64).default(2),
  /** Seconds for one check, after which it is killed. */
  check_timeout_seconds: z.int().min(1).max(3600).default(300),
});

/** `countersign.yaml`. */
export const ConfigFile = z.strictObject({
  /** Where the service listens. Anything but loopback is a decision of yours. */
  listen: z
    .strictObject({ host: Text.default('127.0.0.1'), port: z.int().min(0).max(65535).default(8484) })
    .prefault({}),
  /** The URL under which people reach the service; links in Slack use it. */
  public_url: z.url().optional(),
  /** Folder for bytes, keys and the embedded database, relative to this file. */
  data_dir: Text.default('.countersign'),
  /** Folder of the signing keys, one folder per signer; `keys` in the data folder by default. */
  keys_dir: Text.optional(),
  /** Folder in which processes leave their public keys for each other; `trust` in the data folder by default. */
  trust_dir: Text.optional(),
  /** Where governance is required; the first is the default of questions that name none. */
  environments: z.array(Text).min(1).default(['production']),
  pipelines: z.array(PipelineEntry).default([]),
  people: z.array(PersonEntry).default([]),
  /** What no longer counts: ids of statements, digests of artifacts. */
  revoked: z
    .strictObject({ statements: z.array(StatementId).default([]), artifacts: z.array(Digest).default([]) })
    .prefault({}) satisfies z.ZodType<Revocations>,
  slack: Slack.optional(),
  monitor: Monitor.prefault({}),
  worker: Worker.prefault({}),
  /** Largest upload, in bytes. */
  upload_limit_bytes: z
    .int()
    .min(1)
    .default(64 * 1024 ** 3),
  log_level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
