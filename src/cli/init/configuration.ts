/** `countersign.yaml` to start from: what has a default is as it would be without the file, the rest is to be filled in. */
export const CONFIGURATION = `# countersign.yaml: everything that the service is told, but for secrets, which come from the environment:
#   DATABASE_URL            Postgres; without it a private one runs under data_dir
#   REDIS_URL               where the queue lives; without it, in Postgres
#   SLACK_BOT_TOKEN         xoxb-…, from the installed app
#   SLACK_APP_TOKEN         xapp-…, for Socket Mode; or SLACK_SIGNING_SECRET for HTTP
# Each may be given as <NAME>_FILE instead, the path of a file that holds it. Paths here are relative to this file.
# Every key is described in docs/reference/configuration.md. \`countersign doctor\` says what is still missing.

# Loopback only, unless you say otherwise.
listen: { host: 127.0.0.1, port: 8484 }
# The address under which people reach the service; links in Slack use it.
# public_url: https://countersign.example.com
data_dir: .countersign

# Where governance is required; the first is the default of questions that name none.
environments: [production]

# Pipelines that count: a submission that names any other file is refused. The digest of the file's bytes goes into the
# trust policy, so a changed file is another pipeline.
pipelines:
  - file: governance-pipeline.yaml
    models: ["*"]
    environments: ["*"]
    # What its checks are told about these models, such as the columns of their predictions: \`countersign checks <name>\`
    # shows what each check takes.
    # parameters: check-parameters.yaml

# One entry per human, with all of their accounts: one person counts once, and nobody approves what one of their accounts
# submitted or wrote. Each role that a pipeline asks for needs at least two people. Slack accounts are ids: in Slack, open
# the person's profile, then "Copy member ID".
people: []
# people:
#   - id: mira
#     name: Mira Lindqvist
#     roles: [ml_lead]
#     slack: [{ team: T0123456789, user: U0123456789 }]
#     git: [mira@example.com]
#   - id: dana
#     name: Dana Okafor
#     git: [dana@example.com]
#     # The CI identity that submits; whoever looks after it answers for it.
#     ci: [example/fraud-detection@main]

# The workspace. Without this section, or without tokens, everything runs but the bot. Create the app from
# slack-app-manifest.json at https://api.slack.com/apps, install it, and invite it to the channels.
# slack:
#   team: T0123456789            # workspace id: clicks from any other are refused
#   app_id: A0123456789          # Basic Information of the app
#   approval_channel: C0123456789
#   alert_channel: C0123456788

# Who is told of findings besides slack.alert_channel, and who when nobody acknowledges: docs/alerts.md.
# alerts:
#   receivers:
#     - { name: ops, type: alertmanager, urls: ["https://alertmanager.example.com"] }
#   routes:
#     - { severities: [critical], environments: [production], to: [slack, ops] }
#   escalation:
#     - { severity: critical, after_minutes: 15, people: [mira] }

monitor:
  interval_seconds: 30
  # Where deployments can be seen: files that are hashed again at every tick, clusters, registries. Several at once.
  sources: []
  # sources:
  #   - { type: file, name: files, path: deployments.yaml }
  #   - { type: kubernetes, name: eu, environment: production, kubeconfig: kubeconfig.yaml }
  #   - { type: mlflow, name: registry, url: "https://mlflow.example.com", aliases: { champion: production }, token: { env: MLFLOW_TOKEN } }
  #   - { type: prometheus, name: metrics, url: "https://prometheus.example.com", environment: production }
  #   - { type: oci, name: images, images: [{ name: eu, environment: production, model_id: fraud, repository: "oci://registry.example.com/fraud", tag: live }] }
  #   - { type: s3, name: bucket, objects: [{ name: eu, environment: production, model_id: fraud, model_version: "4.1.2", object: "s3://models/fraud.onnx" }] }
  #   - { type: http, name: platform, url: "https://ml.example.com", environment: production, fields: { deployment: id, model: model, version: version, digest: sha256 } }
`;
