import type { Alert, Confidence, Finding, HandledAlert, Handling, PersonId } from '../../../domain/index.ts';
import { code, escaped, link, listed, time } from '../text.ts';
import { isAboutEvidence, isAboutSource } from './alert-title.ts';
import type { NamePerson } from './people.ts';

/** What shows an alert besides the alert: how people are named, and where a run can be read. */
export interface AlertSurroundings {
  readonly nameOf: NamePerson;
  /** Null where nobody knows the address of the service. */
  readonly runUrl: (runId: string) => string | null;
}

/** How sure an observation is, as people say it. */
const CONFIDENCE_IN_WORDS: Readonly<Record<Confidence, string>> = {
  verified: 'verified',
  reported: 'reported, not verified',
  declared: 'only declared',
  unknown: 'not known',
};

/** How bad, where, since when, and how that is known. Markup lines. */
export function alertFacts({ finding, state, firedAt }: Alert): string[] {
  return [
    `*Severity:* ${finding.severity}`,
    ...whereabouts(finding),
    ...(finding.check === undefined ? [] : [`*Check:* ${code(checkName(finding.check), 200)}`]),
    `*Since:* ${time(firedAt)}`,
    ...(finding.flapping === undefined || state === 'resolved'
      ? []
      : [`*Comes and goes:* since ${time(finding.flapping.since)}, so it is kept open until it stays away`]),
    ...howWeKnow(finding),
  ];
}

function whereabouts(finding: Finding): string[] {
  if (isAboutSource(finding) || finding.check !== undefined) return [];
  if (finding.receiver !== undefined) return [`*Receiver:* ${code(finding.receiver, 200)}`];
  if (isAboutEvidence(finding)) return [`*Place:* ${code(finding.deployment.replace(/^\*\//, ''), 200)}`];
  return [
    `*Environment:* ${escaped(finding.environment, 100)}`,
    `*Deployment:* ${escaped(finding.deployment, 200)}`,
  ];
}

function checkName({ name, version }: NonNullable<Finding['check']>): string {
  return `${name} ${version}`;
}

function howWeKnow({ observation, kind }: Finding): string[] {
  if (kind === 'source_stale') return ['*How we know:* the monitor tried to read it'];
  if (kind === 'check_unreliable') return ['*How we know:* the check was held against its known cases'];
  if (kind === 'duty_failing') return ['*How we know:* the monitor tried to do it'];
  if (kind === 'receiver_failing') return ['*How we know:* the monitor tried to tell it'];
  if (isAboutEvidence({ kind })) return ['*How we know:* the monitor looked at what stands there'];
  if (observation === undefined) return [];
  const { source, confidence, how } = observation;
  return [
    `*How we know:* ${CONFIDENCE_IN_WORDS[confidence]}: ${escaped(how, 300)} (source ${code(source, 60)})`,
  ];
}

/** What people did about an alert, newest state only. Markup lines; none where nobody did anything. */
export function handlingLines(alert: HandledAlert, { nameOf, runUrl }: AlertSurroundings): string[] {
  const { mute, acknowledged, run, runAsked, escalated, held } = alert.handling;
  const by = (person: PersonId | null) => personOr(person, nameOf);
  return [
    ...(mute === null
      ? []
      : [`🔕 *Muted by ${by(mute.by)} until ${time(mute.until)}:* ${escaped(mute.reason, 600)}`]),
    ...(acknowledged === null
      ? []
      : [`👀 *Acknowledged by ${by(acknowledged.by)}* ${time(acknowledged.at)}`]),
    ...(held === null ? [] : [heldLine(held, by)]),
    ...(escalated === null ? [] : [escalationLine(escalated, nameOf)]),
    ...(runAsked === null ? [] : [`▶️ *A new run was asked for by ${by(runAsked.by)}* ${time(runAsked.at)}`]),
    ...(run === null ? [] : [`▶️ ${runLink(run.runId, runUrl)} was queued ${time(run.at)}`]),
  ];
}

function heldLine(
  { why, allowed }: NonNullable<Handling['held']>,
  by: (person: PersonId | null) => string,
): string {
  return allowed === null
    ? `✋ *Its traffic is not blocked:* ${escaped(why, 300)}`
    : `⛔ *${by(allowed.by)} lets its traffic be blocked* ${time(allowed.at)}: the monitor does it at its next tick`;
}

function escalationLine({ people, at }: NonNullable<Handling['escalated']>, nameOf: NamePerson): string {
  const whom = people.length === 0 ? '' : ` to ${listed(people.map(nameOf), 10)}`;
  return `⏫ *Escalated${whom}* ${time(at)}: nobody has acknowledged it`;
}

/** A run by its id, as a link where it can be read. Markup. */
export function runLink(runId: string, runUrl: AlertSurroundings['runUrl']): string {
  const address = runUrl(runId);
  return address === null ? `Run ${code(runId, 80)}` : link(address, `Run ${runId}`);
}

/** A person, or nobody in particular. Markup. */
export function personOr(person: PersonId | null, nameOf: NamePerson): string {
  return person === null ? 'somebody' : nameOf(person);
}
