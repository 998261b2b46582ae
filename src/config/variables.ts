/** Who reads a variable. */
export type VariableReader = 'service' | 'command line';

/** What is known of an environment variable. */
export interface VariableInfo {
  readonly readBy: readonly VariableReader[];
  /** What it sets, and what happens without it. */
  readonly meaning: string;
  /** Its value must not be shown to others. */
  readonly secret: boolean;
  /** It may be given as `<NAME>_FILE` too. */
  readonly asFile: boolean;
}

/** Every environment variable that is read, by name; docs/reference/environment.md is made from this. */
export const VARIABLES = {
  COUNTERSIGN_CONFIG: {
    readBy: ['service', 'command line'],
    meaning:
      "Path of countersign.yaml; `countersign.yaml` in the working directory by default. On the command line only operators' commands read it.",
    secret: false,
    asFile: true,
  },
  DATABASE_URL: {
    readBy: ['service', 'command line'],
    meaning:
      "Postgres, as `postgres://…`. Without it a private one runs under the data folder. On the command line only operators' commands read it.",
    secret: true,
    asFile: true,
  },
  REDIS_URL: {
    readBy: ['service'],
    meaning: 'Redis for the queue, as `redis://…`. Without it the queue lives in Postgres.',
    secret: true,
    asFile: true,
  },
  COUNTERSIGN_KEY_PASSWORD: {
    readBy: ['service'],
    meaning:
      "Opens encrypted signing keys: cosign's (`cosign generate-key-pair`), or PKCS#8. Keys that the service makes are not encrypted, and readable by it alone.",
    secret: true,
    asFile: true,
  },
  ACTIONS_ID_TOKEN_REQUEST_URL: {
    readBy: ['service'],
    meaning:
      'Where a keyless signer asks for its identity token. GitHub Actions sets it in jobs with the permission `id-token: write`.',
    secret: false,
    asFile: false,
  },
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: {
    readBy: ['service'],
    meaning: 'With what it asks. GitHub Actions sets it too.',
    secret: true,
    asFile: false,
  },
  SIGSTORE_ID_TOKEN: {
    readBy: ['service'],
    meaning:
      'The identity token of a keyless signer, as `id_tokens` of GitLab CI gives it. A `token_file` under `signing.keyless` comes first, then GitHub Actions.',
    secret: true,
    asFile: false,
  },
  SLACK_BOT_TOKEN: {
    readBy: ['service'],
    meaning: "The app's bot token (`xoxb-…`). Without it nothing is posted, and the bot does not run.",
    secret: true,
    asFile: true,
  },
  SLACK_APP_TOKEN: {
    readBy: ['service'],
    meaning:
      "The app's app-level token (`xapp-…`): the bot connects to Slack in Socket Mode. It comes before `SLACK_SIGNING_SECRET` where both are set.",
    secret: true,
    asFile: true,
  },
  SLACK_SIGNING_SECRET: {
    readBy: ['service'],
    meaning: "The app's signing secret: Slack calls the bot over HTTP, under `/slack/events`.",
    secret: true,
    asFile: true,
  },
  AWS_ACCESS_KEY_ID: {
    readBy: ['service'],
    meaning:
      'Access key of the account that may write to the buckets under `publish.places`. Only the process with the monitor needs it.',
    secret: true,
    asFile: true,
  },
  AWS_SECRET_ACCESS_KEY: {
    readBy: ['service'],
    meaning: 'The secret that belongs to `AWS_ACCESS_KEY_ID`.',
    secret: true,
    asFile: true,
  },
  AWS_SESSION_TOKEN: {
    readBy: ['service'],
    meaning: 'The session token of keys that are good for a while only.',
    secret: true,
    asFile: true,
  },
  REGISTRY_USERNAME: {
    readBy: ['service'],
    meaning:
      'The account that may push to the repositories under `publish.places`. Only the process with the monitor needs it.',
    secret: false,
    asFile: true,
  },
  REGISTRY_PASSWORD: {
    readBy: ['service'],
    meaning: 'Its password or token.',
    secret: true,
    asFile: true,
  },
  COUNTERSIGN_URL: {
    readBy: ['command line'],
    meaning: 'The server that commands ask; `http://127.0.0.1:8484` by default. `--url` comes first.',
    secret: false,
    asFile: true,
  },
  COUNTERSIGN_TOKEN: {
    readBy: ['command line'],
    meaning: 'The bearer token of commands that ask the server. `--token` and `--token-file` come first.',
    secret: true,
    asFile: true,
  },
  NO_COLOR: {
    readBy: ['command line'],
    meaning: 'Set to anything but nothing, output has no colours.',
    secret: false,
    asFile: false,
  },
} as const satisfies Readonly<Record<string, VariableInfo>>;

/** The name of a variable that is read. */
export type VariableName = keyof typeof VARIABLES;
