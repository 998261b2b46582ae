import { type Alert, type Finding, type Handling, modelName } from '../../../domain/index.ts';
import { code, escaped, inWords } from '../text.ts';

/** How an alert is headed. */
export interface AlertTitle {
  /** Plain text, as Slack's headers are. */
  readonly header: string;
  /** Escaped markup: one line for notifications. */
  readonly line: string;
}

/** Heads an alert: what is wrong with what, and where; whether it is muted, where that is told. */
export function alertTitle(alert: Alert, handling: Pick<Handling, 'mute'> = { mute: null }): AlertTitle {
  const { header, line } = loudTitle(alert);
  if (alert.state === 'resolved' || handling.mute === null) return { header, line };
  const muted = (text: string) => text.replace(sign(alert), '🔕 Muted,');
  return { header: muted(header), line: muted(line) };
}

function loudTitle(alert: Alert): AlertTitle {
  const { finding } = alert;
  if (isAboutSource(finding)) return sourceTitle(alert);
  if (finding.check !== undefined) return checkTitle(alert, finding.check.name);
  const start = `${sign(alert)} ${headline(alert)}${comesAndGoes(alert)}`;
  const about = finding.receiver ?? (finding.modelId === '*' ? finding.deployment : modelName(finding));
  const place =
    isAboutEvidence(finding) || finding.receiver !== undefined ? '' : ` in ${finding.environment}`;
  const version = finding.modelId === '*' ? about : `${finding.modelId} ${finding.modelVersion}`;
  return {
    header: `${start}: ${version}`,
    line: escaped(`${start}: ${about}${place}`, 500),
  };
}

/** A stale source is one finding about all that it lists: no deployment or environment of its own. */
export function isAboutSource({ kind }: Finding): boolean {
  return kind === 'source_stale';
}

/** Published evidence has no environment: it speaks of all. */
export function isAboutEvidence({ kind }: Pick<Finding, 'kind'>): boolean {
  return kind === 'evidence_altered' || kind === 'evidence_unpublished';
}

function sourceTitle(alert: Alert): AlertTitle {
  const name = alert.finding.deployment.replace(/^\*\//, '');
  const resolved = alert.state === 'resolved';
  const says = (shown: string): string =>
    resolved
      ? `${sign(alert)} Resolved: inventory source ${shown} can be read again`
      : `${sign(alert)} Inventory source ${shown} ${comesAndGoes(alert) === '' ? 'cannot be read' : 'comes and goes'}`;
  return { header: says(`"${name}"`), line: says(code(name, 200)) };
}

function checkTitle(alert: Alert, name: string): AlertTitle {
  const { state, finding } = alert;
  const says = (shown: string): string => {
    if (state === 'resolved') return `${sign(alert)} Resolved: check ${shown} proves right`;
    const isWrong = finding.affected !== undefined;
    return `${sign(alert)} Check ${shown} ${isWrong ? 'is unreliable' : 'is not proved right'}${comesAndGoes(alert)}`;
  };
  return { header: says(name), line: says(code(name, 200)) };
}

function headline({ finding, state }: Alert): string {
  const words = finding.kind === 'missing_record' ? notGoverned(finding) : inWords(finding.kind);
  if (state === 'firing') return words;
  return `Resolved, ${finding.kind === 'missing_record' ? 'was ' : ''}${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

/** What is kept open because it comes and goes may not be so at the moment. */
function comesAndGoes({ finding, state }: Alert): string {
  return state === 'firing' && finding.flapping !== undefined ? ', comes and goes' : '';
}

function notGoverned({ status }: Finding): string {
  return status === undefined || status === 'ungoverned' ? 'Not governed' : `Not governed (${status})`;
}

function sign({ finding, state }: Alert): string {
  if (state === 'resolved') return '🟢';
  return finding.severity === 'critical' ? '🔴' : '🟡';
}
