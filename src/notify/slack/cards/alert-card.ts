import { type Alert, type Finding, rerunCommand } from '../../../domain/index.ts';
import { type Block, context, header, section } from '../block.ts';
import { firstThatFits, type Message, message } from '../message.ts';
import { code, escaped, fullDigest, time } from '../text.ts';
import { alertTitle, isAboutSource } from './alert-title.ts';
import { WHEN_RESOLVED } from './words.ts';

const SUMMARY_SHOWN = 600;
/** Of a finding about a check, whose summary names what relied on it. */
const CHECK_SUMMARY_SHOWN = 2500;

/** An alert: what is wrong, where, since when, what to do; once resolved, that it is over. Pure. */
export function alertCard(alert: Alert): Message {
  const { finding, firedAt } = alert;
  const blocks = firstThatFits([() => alertBlocks(alert)]);
  return message(alertTitle(alert).line, blocks, {
    event_type: 'countersign_alert',
    event_payload: { finding: finding.key, fired_at: firedAt },
  });
}

function alertBlocks(alert: Alert): readonly Block[] {
  const { finding, state, resolvedAt } = alert;
  const over = state === 'resolved' && resolvedAt !== null;
  return [
    header(alertTitle(alert).header),
    ...(over ? [section(`🟢 *Over since ${time(resolvedAt)}.* ${WHEN_RESOLVED[finding.kind]}`)] : []),
    section(
      ...(over ? ['*What was wrong*'] : []),
      escaped(finding.summary, finding.check === undefined ? SUMMARY_SHOWN : CHECK_SUMMARY_SHOWN),
    ),
    section(...facts(alert)),
    ...digests(finding, over ? 'It served' : 'It serves'),
    ...(state === 'firing' ? [section('*What to do*', ...remedy(finding))] : []),
    context(`${code(finding.kind, 60)} · ${state}`),
  ];
}

function facts({ finding, firedAt }: Alert): string[] {
  const place = [
    `*Environment:* ${escaped(finding.environment, 100)}`,
    `*Deployment:* ${escaped(finding.deployment, 200)}`,
  ];
  return [
    `*Severity:* ${finding.severity}`,
    ...(isAboutSource(finding) || finding.check !== undefined ? [] : place),
    ...(finding.check === undefined ? [] : [`*Check:* ${code(checkName(finding.check), 200)}`]),
    `*Since:* ${time(firedAt)}`,
  ];
}

function checkName({ name, version }: NonNullable<Finding['check']>): string {
  return `${name} ${version}`;
}

function remedy(finding: Finding): string[] {
  if (finding.check !== undefined) return checkRemedy(finding, finding.check.name);
  const said = escaped(finding.remedy, SUMMARY_SHOWN);
  if (!isAboutSource(finding)) return [said];
  return [
    said,
    'Make readable again what the reason above names: the file, address or credential that `monitor.sources` gives it.',
  ];
}

/** Commands stand in code: elsewhere the colons of a time could be taken for an emoji, and a copy would not be exact. */
function checkRemedy({ affected }: Finding, check: string): string[] {
  const audit = code(`countersign audit-checks --check ${check}`, 300);
  if (affected === undefined)
    return [`Write the cases that it lacks. Whether they suffice is told by ${audit}.`];
  return [
    `Find out why, and mend the check: ${audit}`,
    ...(affected.count === 0
      ? []
      : [`Then queue again what relied on it: ${code(rerunCommand(check, affected.since), 300)}`]),
  ];
}

function digests({ observed, expected }: Finding, served: string): readonly Block[] {
  return [
    ...(observed === null ? [] : [section(`*${served}*`, fullDigest(observed))]),
    ...(expected === null ? [] : [section('*Governed is*', fullDigest(expected))]),
  ];
}
