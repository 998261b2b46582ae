import { z } from 'zod';
import { Digest, PersonId, Role, RoleGrant, StatementId, type TrustPolicy } from '../domain/index.ts';
import { isTimeZone } from '../lib/index.ts';
import { Alerts } from './alerts.ts';
import { Checks } from './checks.ts';
import { Enforcement } from './enforcement.ts';
import { Environments } from './environments.ts';
import { Fetch } from './fetch.ts';
import { Ledger } from './ledger.ts';
import { Publish } from './publish.ts';
import { Signing } from './signing.ts';

// Every key says what it means with `.describe`: docs/reference/configuration.md is made from it (npm run docs).

const Text = z.string().min(1).max(512);
const Patterns = z.array(Text).min(1).default(['*']);

/** A pipeline that counts. */
const PipelineEntry = z.strictObject({
  file: Text.describe(
    "Path of the pipeline file, relative to this file. Its bytes' digest goes into the trust policy.",
  ),
  models: Patterns.describe('Models for which it counts; `*` for all.'),
  environments: Patterns.describe('Environments in which it counts; `*` for all.'),
  parameters: Text.optional().describe(
    "Path of a file with what its checks are told about these models, such as the columns of their predictions: `check-parameters.yaml`. The pipeline file's own parameters come first. One for the model by name comes before one for `*`.",
  ),
});

/** One human with all of their accounts. */
const PersonEntry = z.strictObject({
  id: PersonId.describe('The person id that statements name.'),
  name: Text.describe('Shown to people; decides nothing.'),
  roles: z
    .array(z.union([Role.transform((role): RoleGrant => ({ role })), RoleGrant]))
    .default([])
    .describe(
      'Roles held: a name, or an object with `role`, `from` and `until` to keep the past true after a change.',
    ),
  backup_for: z
    .array(Role)
    .default([])
    .describe(
      'Roles held as a backup: asked only when those who hold them under `roles` do not answer in time.',
    ),
  time_zone: z
    .string()
    .refine(isTimeZone, 'expected a time zone such as Europe/Berlin')
    .optional()
    .describe(
      'Where they work (IANA name): the clocks of their working hours, and of times that they write. Left out: that of their Slack profile.',
    ),
  slack: z
    .array(
      z.strictObject({
        team: Text.describe('Workspace id (`T…`).'),
        user: Text.describe('Member id (`U…`).'),
      }),
    )
    .default([])
    .describe('Slack accounts: ids, never names.'),
  git: z.array(Text).default([]).describe('E-mail addresses in Git.'),
  ci: z.array(Text).default([]).describe('CI identities, as in the subject of their tokens.'),
});

/** The Slack workspace. Tokens come from the environment. */
const Slack = z.strictObject({
  team: Text.describe(
    'Workspace id (`T…`): clicks from any other are refused. Where the app is installed for a whole Enterprise Grid organisation, its id (`E…`); then accounts under `people:` name it as their team too.',
  ),
  app_id: Text.describe('App id (`A…`): payloads of any other app are refused.'),
  approval_channel: Text.describe(
    'Channel id (`C…`) or name in which approval cards appear; the id where the app is installed for a whole organisation.',
  ),
  alert_channel: Text.optional().describe(
    'Channel id or name in which alerts appear; the approval channel by default.',
  ),
  api_url: z.url().optional().describe('Base URL of the Web API, for proxies and tests.'),
  calls_per_second: z
    .number()
    .min(0.1)
    .max(100)
    .default(1)
    .describe(
      'How fast messages of one channel are posted and changed, by all processes together; a quiet channel takes five at once. Slack takes about one a second.',
    ),
  user_groups: z
    .array(
      z.strictObject({
        group: z
          .string()
          .regex(/^S[A-Z0-9]{2,}$/, 'expected the id of a user group (`S…`), not its handle')
          .describe('Id of the user group (`S…`), never its handle: anybody may be called anything.'),
        role: Role.describe('The role that its members hold.'),
      }),
    )
    .max(100)
    .default([])
    .describe(
      'Roles that come from Slack user groups, besides those under `people:`. A member counts only if `people:` maps their Slack account to a person. Membership is looked up again at each decision; what is older than 15 minutes and cannot be looked up does not decide.',
    ),
});

const Monitor = z.strictObject({
  interval_seconds: z
    .int()
    .min(1)
    .max(3600)
    .default(30)
    .describe('Seconds between two ticks; must divide a minute or an hour evenly.'),
  audit_hours: z
    .number()
    .min(1)
    .max(720)
    .default(24)
    .describe(
      'Hours between two audits of a check against its known cases; one that is not right is audited each hour.',
    ),
  expiry_warning_days: z
    .array(z.number().positive().max(366))
    .max(10)
    .default([14, 7, 1])
    .describe(
      'Days before the end of the governance of something deployed at which those whom it concerns are warned; `[]` for never.',
    ),
  sources: z
    .array(
      z.looseObject({
        type: Text.describe('The type of the source.'),
        name: Text.describe('Its name, which is part of the keys of its deployments.'),
      }),
    )
    .default([])
    .describe("Places where deployments can be seen. Each names its type; its other keys are the type's."),
});

const Worker = z.strictObject({
  concurrency: z.int().min(1).max(64).default(2).describe('Runs at a time.'),
  check_timeout_seconds: z
    .int()
    .min(1)
    .max(3600)
    .default(300)
    .describe('Seconds for one check, after which it is killed.'),
});

/** `countersign.yaml`. */
export const ConfigFile = z.strictObject({
  listen: z
    .strictObject({
      host: Text.default('127.0.0.1').describe('Address to listen on.'),
      port: z.int().min(0).max(65535).default(8484).describe('Port to listen on; 0 takes a free one.'),
    })
    .prefault({})
    .describe('Where the service listens. Anything but loopback is a decision of yours.'),
  public_url: z
    .url()
    .optional()
    .describe('The URL under which people reach the service; links in Slack use it.'),
  links_valid_days: z
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe(
      "Days for which a link to a run's page opens it. Whoever has the link can read the run: what was found, who decided and what they said.",
    ),
  data_dir: Text.default('.countersign').describe(
    'Folder for bytes, keys and the embedded database, relative to this file.',
  ),
  keys_dir: Text.optional().describe(
    'Folder of the signing keys, one folder per signer; `keys` in the data folder by default.',
  ),
  trust_dir: Text.optional().describe(
    'Folder in which processes leave their public keys for each other; `trust` in the data folder by default. Where it holds a folder named after a signer, that signer is believed by what lies there alone: let only its account write there.',
  ),
  signing: Signing.prefault({}).describe('How statements are signed.'),
  trust_policy: z
    .strictObject({
      file: Text.describe(
        'Path of the policy, relative to this file; its signature lies beside it, under the same name with `.sigstore.json` added.',
      ),
      key: Text.describe(
        'Path of the public key (PEM) that it must be signed by. The private key belongs on no machine of the service.',
      ),
    })
    .optional()
    .describe(
      'A signed trust policy (`countersign trust-policy draft` and `sign`): then only its keys, pipelines, revocations and roles of people count, until it expires. Without it each process makes its own policy of this file and the public keys in `trust_dir`.',
    ),
  trust_reload_seconds: z
    .int()
    .min(1)
    .max(3600)
    .default(10)
    .describe(
      'Seconds between two looks at the trust policy, the public keys and the signing keys: what changes there counts without a restart.',
    ),
  environments: Environments,
  pipelines: z
    .array(PipelineEntry)
    .default([])
    .describe('Pipelines that count: a submission that names any other is refused.'),
  people: z
    .array(PersonEntry)
    .default([])
    .describe(
      'Everybody who submits, writes or approves, one entry per human: one person counts once, and nobody approves their own work.',
    ),
  revoked: z
    .strictObject({
      statements: z.array(StatementId).default([]).describe('Ids of statements.'),
      artifacts: z.array(Digest).default([]).describe('Digests of artifacts.'),
    })
    .prefault({})
    .describe('What no longer counts.') satisfies z.ZodType<TrustPolicy['revoked']>,
  slack: Slack.optional().describe(
    'The Slack workspace. Without this section, or without tokens, everything runs but the bot.',
  ),
  ledger: Ledger.prefault({}).describe('The Merkle tree over all statements, and how it is known outside.'),
  alerts: Alerts.prefault({}).describe('Who is told of findings, and how.'),
  enforcement: Enforcement.prefault({}).describe('Whether traffic is blocked for what the monitor finds.'),
  monitor: Monitor.prefault({}).describe('What the monitor looks at, and how often.'),
  checks: Checks.prefault({}).describe('Checks of your own, and what all checks are held against.'),
  worker: Worker.prefault({}).describe('How runs are executed.'),
  publish: Publish.prefault({}).describe('Where evidence is published next to the artifact.'),
  fetch: Fetch.prefault({}).describe('Where artifacts are fetched from that are submitted by URI.'),
  upload_limit_bytes: z
    .int()
    .min(1)
    .default(64 * 1024 ** 3)
    .describe('Largest upload, in bytes.'),
  log_level: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('The least that is written to the log.'),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
