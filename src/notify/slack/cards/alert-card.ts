import { type Alert, type Finding, type HandledAlert, rerunCommand } from '../../../domain/index.ts';
import { type Block, context, header, section } from '../block.ts';
import { firstThatFits, type Message, message } from '../message.ts';
import { code, escaped, fullDigest, time } from '../text.ts';
import { alertButtons } from './alert-buttons.ts';
import { type AlertSurroundings, alertFacts, handlingLines } from './alert-facts.ts';
import { alertTitle, isAboutSource } from './alert-title.ts';
import { expiryLines } from './expiry.ts';
import { WHEN_RESOLVED } from './words.ts';

const SUMMARY_SHOWN = 600;
/** Of a finding about a check, whose summary names what relied on it. */
const CHECK_SUMMARY_SHOWN = 2500;

/** An alert: what is wrong, who looks into it, where, since when, how we know, what to do; later, that it is over. Pure. */
export function alertCard(alert: HandledAlert, around: AlertSurroundings): Message {
  const { finding, firedAt } = alert;
  // The buttons stay whatever else has to go.
  const blocks = firstThatFits([
    () => alertBlocks(alert, around, CHECK_SUMMARY_SHOWN),
    () => alertBlocks(alert, around, SUMMARY_SHOWN),
  ]);
  return message(alertTitle(alert, alert.handling).line, blocks, {
    event_type: 'countersign_alert',
    event_payload: { finding: finding.key, fired_at: firedAt },
  });
}

function alertBlocks(alert: HandledAlert, around: AlertSurroundings, most: number): readonly Block[] {
  const { finding, state, id } = alert;
  const done = handlingLines(alert, around);
  const summary = escaped(finding.summary, finding.check === undefined ? SUMMARY_SHOWN : most);
  return [
    header(alertTitle(alert, alert.handling).header),
    ...over(alert),
    ...(done.length === 0 ? [] : [section(...done)]),
    section(...(state === 'resolved' ? ['*What was wrong*'] : []), summary),
    section(...alertFacts(alert)),
    ...(state === 'firing' && finding.expiry !== undefined ? [section(...expiryLines(finding.expiry))] : []),
    ...digests(finding, state === 'resolved' ? 'It served' : 'It serves'),
    ...(state === 'firing' ? [section('*What to do*', ...remedy(finding))] : []),
    ...alertButtons(alert),
    context(`Finding ${id} · ${code(finding.kind, 60)} · ${stateInWords(alert)}`),
  ];
}

function stateInWords({ state, finding }: Alert): string {
  return state === 'firing' && finding.flapping !== undefined ? 'firing, flapping' : state;
}

function over({ state, resolvedAt, finding }: Alert): readonly Block[] {
  return state === 'resolved' && resolvedAt !== null
    ? [section(`🟢 *Over since ${time(resolvedAt)}.* ${WHEN_RESOLVED[finding.kind]}`)]
    : [];
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
