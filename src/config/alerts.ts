import { z } from 'zod';
import { FINDING_KINDS, PersonId } from '../domain/index.ts';

const Text = z.string().min(1).max(512);
const Name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected a short name of a-z 0-9 _ -');
/** An address on the web. */
export const Url = z.url({
  protocol: /^https?$/,
  error: 'expected an address that begins with https:// or http://',
});
const SEVERITIES = ['critical', 'warning'] as const;

/** How what is outside is reached. */
export const reach = {
  allow_addresses: z
    .array(
      z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
        error: 'expected an address or a range such as 10.0.0.0/8',
      }),
    )
    .max(32)
    .default([])
    .describe(
      'Addresses that are not public and may be connected to all the same, such as `10.0.0.0/8` for what is in the cluster, or `127.0.0.1`. Others are refused, also when a name leads to them.',
    ),
  ca_file: Text.optional().describe(
    'Path of certificates (PEM) of authorities to trust beside the public ones.',
  ),
  client_certificate_file: Text.optional().describe(
    'Path of the certificate (PEM) that is shown to a server that demands one of its clients (mTLS), with those between it and its authority. Read anew at each sending.',
  ),
  client_key_file: Text.optional().describe('Path of its private key (PEM), without a passphrase.'),
};

/** The secrets of a webhook. */
export const secretFiles = z
  .array(Text)
  .min(1)
  .max(2)
  .describe(
    'Paths of files with the secret that signs, `whsec_…`. Two while it is changed: each signs, and the old one goes when the other side knows the new one.',
  );

const SlackReceiver = z.strictObject({
  name: Name.describe('Its name in routes. `slack` is that of `slack.alert_channel`.'),
  type: z.literal('slack').describe('A channel of the workspace under `slack:`.'),
  channel: Text.describe('Channel id (`C…`) or name.'),
});

const AlertmanagerReceiver = z.strictObject({
  name: Name.describe('Its name in routes.'),
  type: z.literal('alertmanager').describe('Alertmanager, by its API v2.'),
  urls: z
    .array(Url)
    .min(1)
    .max(8)
    .describe(
      'Base URL of each Alertmanager of the cluster. All are told, each by itself, as Alertmanager demands.',
    ),
  resend_seconds: z
    .int()
    .min(5)
    .max(3600)
    .default(60)
    .describe(
      'Seconds after which what fires is sent again. Alertmanager takes it for resolved when it has heard nothing for four times as long.',
    ),
  username: Text.optional().describe('For basic authentication.'),
  password_file: Text.optional().describe('Path of a file with the password.'),
  bearer_token_file: Text.optional().describe('Path of a file with a bearer token.'),
  ...reach,
});

const WebhookReceiver = z.strictObject({
  name: Name.describe('Its name in routes.'),
  type: z.literal('webhook').describe('A webhook that is told each step of findings.'),
  url: Url.describe('Where messages are posted. Redirects are not followed.'),
  secret_files: secretFiles,
  timeout_seconds: z.int().min(1).max(60).default(10).describe('Seconds for an answer.'),
  ...reach,
});

const Receivers = z.array(Name).min(1).max(16);

const Route = z.strictObject({
  severities: z
    .array(z.enum(['*', ...SEVERITIES]))
    .min(1)
    .default(['*'])
    .describe('Severities that it takes; `*` for all.'),
  kinds: z
    .array(z.enum(['*', ...FINDING_KINDS]))
    .min(1)
    .default(['*'])
    .describe('Kinds of finding that it takes; `*` for all.'),
  environments: z
    .array(Text)
    .min(1)
    .default(['*'])
    .describe(
      'Environments that it takes; `*` for all, and for findings about none, such as those about the ledger.',
    ),
  owners: z
    .array(Text)
    .min(1)
    .default(['*'])
    .describe('Owners of models that it takes, as `alerts.owners` names them; `*` for all.'),
  to: Receivers.describe('Names of the receivers that are told.'),
});

const Level = z.strictObject({
  severity: z.enum(SEVERITIES).describe('Findings of which severity.'),
  after_minutes: z
    .number()
    .min(0.1)
    .max(10080)
    .describe('Minutes since it fired, got worse, or its mute was over.'),
  to: z.array(Name).max(16).default([]).describe('Names of receivers that are told from then on.'),
  people: z
    .array(PersonId)
    .max(20)
    .default([])
    .describe('Person ids: they are named in Slack, in the thread of each message.'),
});

/** Every type of receiver, by the name that `alerts.receivers[].type` gives. */
export const RECEIVER_TYPES = {
  slack: SlackReceiver,
  alertmanager: AlertmanagerReceiver,
  webhook: WebhookReceiver,
} as const;

/** `alerts` of countersign.yaml. */
export const Alerts = z.strictObject({
  receivers: z
    .array(z.discriminatedUnion('type', [SlackReceiver, AlertmanagerReceiver, WebhookReceiver]))
    .max(16)
    .default([])
    .describe('Who can be told of findings, beside `slack.alert_channel`, which is the receiver `slack`.'),
  owners: z
    .array(
      z.strictObject({
        owner: Text.describe('A name of your choice, such as that of a team; `*` stands for no owner.'),
        models: z.array(Text).min(1).max(1000).describe('Models that are theirs; `*` for all.'),
      }),
    )
    .max(200)
    .default([])
    .describe('Whose models are whose; the first entry that names a model counts.'),
  routes: z
    .array(Route)
    .max(100)
    .default([])
    .describe('Who is told of which findings. All routes that take a finding count, not only the first.'),
  default: Receivers.optional().describe(
    'Who is told of what no route takes: `slack` unless given, or all receivers without Slack.',
  ),
  escalation: z
    .array(Level)
    .max(20)
    .default([])
    .describe('Who else is told of a finding that nobody has acknowledged or muted.'),
});
export type Alerts = z.infer<typeof Alerts>;
