import type { Alert, Finding } from '../../../domain/index.ts';
import { type Block, context, header, section } from '../block.ts';
import { firstThatFits, type Message, message } from '../message.ts';
import { code, escaped, fullDigest, time } from '../text.ts';
import { alertTitle, isAboutSource } from './alert-title.ts';
import { WHEN_RESOLVED } from './words.ts';

const SUMMARY_SHOWN = 600;

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
    section(...(over ? ['*What was wrong*'] : []), escaped(finding.summary, SUMMARY_SHOWN)),
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
    ...(isAboutSource(finding) ? [] : place),
    `*Since:* ${time(firedAt)}`,
  ];
}

function remedy(finding: Finding): string[] {
  const said = escaped(finding.remedy, SUMMARY_SHOWN);
  if (!isAboutSource(finding)) return [said];
  return [
    said,
    'Make readable again what the reason above names: the file, address or credential that `monitor.sources` gives it.',
  ];
}

function digests({ observed, expected }: Finding, served: string): readonly Block[] {
  return [
    ...(observed === null ? [] : [section(`*${served}*`, fullDigest(observed))]),
    ...(expected === null ? [] : [section('*Governed is*', fullDigest(expected))]),
  ];
}
