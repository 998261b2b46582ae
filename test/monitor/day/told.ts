import { createHmac } from 'node:crypto';
import { alertName } from '../../../src/notify/alertmanager/alert.ts';
import { EnforcementMessage, WebhookMessage } from '../../../src/notify/index.ts';
import { type FindingRow, listFindings } from '../../../src/storage/index.ts';
import type { KnownAlert } from '../../support/alertmanager.ts';
import { textOf } from '../../support/bot-harness.ts';
import type { Heard } from '../../support/listener.ts';
import { SECRET } from './receivers.ts';
import type { Stage } from './stage.ts';

/** What everybody was told, in words, sorted where the order is nobody's business. */
export interface Told {
  /** What fires, as `kind deployment`. */
  readonly firing: readonly string[];
  /** Messages in the channel, one for each finding, with how it stands. */
  readonly slack: readonly string[];
  /** What Alertmanager takes to be firing. */
  readonly alertmanager: readonly string[];
  /** What Alertmanager told its own receivers: each alert that began and each that ended. */
  readonly pager: readonly string[];
  /** Steps of findings that the webhook was told, each signed. */
  readonly siem: readonly string[];
  /** Orders to block traffic and to let it through. */
  readonly mesh: readonly string[];
  /** Findings that Prometheus counts, as `kind number`. */
  readonly counted: readonly string[];
  /** Alerts of Prometheus that rest on what the monitor found. */
  readonly prometheus: readonly string[];
}

/** Reads all of it. What Prometheus and Alertmanager have yet to hear of they hear of within a second. */
export async function readTold(stage: Stage): Promise<Told> {
  const rows = (await listFindings(stage.harness.database.db)).reverse();
  const firing = rows.filter(({ state }) => state === 'firing');
  return {
    firing: firing.map(nameOf).sort(),
    slack: slackMessages(stage, rows).sort(),
    alertmanager: knownAlerts(await stage.alertmanager.alerts(), firing).sort(),
    pager: pages(stage.pager.heard, rows).sort(),
    siem: stage.siem.heard.map(signedStep).sort(),
    mesh: stage.mesh.heard.map(order),
    ...(await readPrometheus(stage)),
  };
}

function nameOf({ finding }: FindingRow): string {
  return `${finding.kind} ${shortened(finding.deployment)}`;
}

/** Whatever serves is in the same source and environment. */
function shortened(deployment: string): string {
  return deployment.replace(/^serving\/production\//, '');
}

/** Each message says by its number which finding it is about; one about none that there is would be seen here. */
function slackMessages({ harness }: Stage, rows: readonly FindingRow[]): string[] {
  const messages = harness.slack.messages('C0ALERTS');
  const repeated = repeatedNotes(messages);
  const live = messages.filter(({ thread_ts: thread }) => thread === undefined);
  const said = live.map((message) => {
    const [, id, state] = /Finding (\d+) · .* · (\w+)(?:, flapping)?$/m.exec(textOf(message)) ?? [];
    const row = rows.find((candidate) => candidate.id === Number(id));
    return row === undefined ? `about nothing: ${message.text}` : `${nameOf(row)} ${state}`;
  });
  return [...said, ...repeated];
}

/** What a thread says twice. */
function repeatedNotes(
  messages: readonly { readonly thread_ts?: string; readonly text: string }[],
): string[] {
  const notes = messages.flatMap(({ thread_ts: thread, text }) =>
    thread === undefined ? [] : [`${thread} ${text}`],
  );
  return notes.filter((note, index) => notes.indexOf(note) !== index).map((note) => `twice: ${note}`);
}

/** An alert that starts at another time than its finding, or is not said to go on, is none of ours. */
function knownAlerts(alerts: readonly KnownAlert[], firing: readonly FindingRow[]): string[] {
  return alerts.map((alert) => {
    const row = rowOf(alert, firing);
    const goesOn = Date.parse(alert.endsAt) > Date.now();
    return row === undefined || !goesOn ? `unexpected: ${JSON.stringify(alert)}` : nameOf(row);
  });
}

function rowOf({ labels, startsAt }: Pick<KnownAlert, 'labels' | 'startsAt'>, rows: readonly FindingRow[]) {
  return rows.find(
    ({ finding, firedAt }) =>
      finding.key === labels['finding'] &&
      alertName(finding.kind) === labels['alertname'] &&
      finding.deployment === labels['deployment'] &&
      Date.parse(firedAt) === Date.parse(startsAt),
  );
}

/**
 * A group is told as a whole whenever something of it changes; what counts is how each alert changes: whoever is told that
 * it is over while it goes on, or twice of an end, hears of it.
 */
function pages(heard: readonly Heard[], rows: readonly FindingRow[]): string[] {
  const told = heard.flatMap(
    ({ body }) => (JSON.parse(body) as { alerts: (KnownAlert & { status: string })[] }).alerts,
  );
  const said = told.map(({ status, ...alert }) => {
    const row = rowOf(alert, rows);
    return row === undefined
      ? { key: '', line: `unexpected: ${JSON.stringify(alert)}` }
      : { key: row.finding.key, line: `${row.id} ${nameOf(row)} ${status}` };
  });
  const byAlert = [...Map.groupBy(said, ({ key }) => key).values()];
  const changes = byAlert.flatMap((lines) => lines.filter(({ line }, at) => line !== lines[at - 1]?.line));
  return changes.map(({ line }) => line.replace(/^\d+ /, ''));
}

/** A message that was sent twice, or whose signature is wrong, is told as that. */
function signedStep({ headers, body }: Heard, index: number, all: readonly Heard[]): string {
  const id = headers['webhook-id'];
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${headers['webhook-timestamp']}.${body}`);
  const { type, data } = WebhookMessage.parse(JSON.parse(body));
  const line = `${data.finding.kind} ${shortened(data.finding.deployment)} ${type.replace('finding.', '')}`;
  if (headers['webhook-signature'] !== `v1,${mac.digest('base64')}`) return `unsigned: ${line}`;
  const isFirst = all.findIndex((other) => other.headers['webhook-id'] === id) === index;
  return isFirst ? line : `twice: ${line}`;
}

function order({ body }: Heard): string {
  const { type, data } = EnforcementMessage.parse(JSON.parse(body));
  return `${type.replace('enforcement.', '')} ${shortened(data.deployment)}`;
}

/** Alerts that go by Prometheus's own clock are left out: the day's is another one, and its rules are evaluated all the time. */
const BY_ITS_OWN_CLOCK = new Set([
  'GovernanceRuleFailing',
  'GovernanceLapsed',
  'GovernanceApprovalExpired',
  'GovernanceMonitorSilent',
  'GovernanceSourceUnseen',
  'GovernanceTicksLate',
  'GovernanceQueueStuck',
  'GovernanceApprovalsWaiting',
]);

async function readPrometheus({ prometheus }: Stage): Promise<Pick<Told, 'counted' | 'prometheus'>> {
  const samples = await prometheus.query('sum by (kind) (governance_finding_firing) > 0');
  const alerts = (await prometheus.alerts()).filter(
    ({ labels }) => !BY_ITS_OWN_CLOCK.has(labels['alertname'] ?? ''),
  );
  const about = (labels: Readonly<Record<string, string>>) =>
    labels['deployment'] ?? labels['source'] ?? labels['kind'] ?? aboutVersion(labels);
  return {
    counted: samples.map(({ labels, value }) => `${labels['kind']} ${value}`).sort(),
    prometheus: alerts.map(({ labels }) => `${labels['alertname']} ${shortened(about(labels))}`).sort(),
  };
}

function aboutVersion({ model_version: version = '', stage }: Readonly<Record<string, string>>): string {
  return stage === undefined ? version : `${version} ${stage}`;
}
