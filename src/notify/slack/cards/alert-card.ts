import { type Alert, type Finding, modelName } from '../../../domain/index.ts';
import { type Block, context, header, section } from '../block.ts';
import { firstThatFits, type Message, message } from '../message.ts';
import { code, escaped, fullDigest, inWords, time } from '../text.ts';

const SUMMARY_SHOWN = 600;

/** An alert: what is wrong, where, since when, what to do; once resolved, that it is over. Pure. */
export function alertCard(alert: Alert): Message {
  const { finding, firedAt } = alert;
  const blocks = firstThatFits([() => alertBlocks(alert)]);
  const name = isAboutModel(finding) ? modelName(finding) : finding.deployment;
  const text = `${sign(alert)} ${headline(alert)}: ${name} in ${finding.environment}`;
  return message(escaped(text, 500), blocks, {
    event_type: 'countersign_alert',
    event_payload: { finding: finding.key, fired_at: firedAt },
  });
}

function alertBlocks(alert: Alert): readonly Block[] {
  const { finding, state, firedAt, resolvedAt } = alert;
  const name = isAboutModel(finding) ? `${finding.modelId} ${finding.modelVersion}` : finding.deployment;
  const over = state === 'resolved' && resolvedAt !== null;
  return [
    header(`${sign(alert)} ${headline(alert)}: ${name}`),
    ...(over ? [section(`🟢 *Over since ${time(resolvedAt)}.* Nothing is left to do.`)] : []),
    section(...(over ? ['*What was wrong*'] : []), escaped(finding.summary, SUMMARY_SHOWN)),
    section(
      `*Severity:* ${finding.severity}`,
      `*Environment:* ${escaped(finding.environment, 100)}`,
      `*Deployment:* ${escaped(finding.deployment, 200)}`,
      `*Since:* ${time(firedAt)}`,
    ),
    ...digests(finding, over ? 'It served' : 'It serves'),
    ...(state === 'firing' ? [section('*What to do*', escaped(finding.remedy, SUMMARY_SHOWN))] : []),
    context(`${code(finding.kind, 60)} · ${state}`),
  ];
}

function digests({ observed, expected }: Finding, served: string): readonly Block[] {
  return [
    ...(observed === null ? [] : [section(`*${served}*`, fullDigest(observed))]),
    ...(expected === null ? [] : [section('*Governed is*', fullDigest(expected))]),
  ];
}

function headline({ finding, state }: Alert): string {
  return state === 'resolved' ? `Resolved, ${inWords(finding.kind).toLowerCase()}` : inWords(finding.kind);
}

function sign({ finding, state }: Alert): string {
  if (state === 'resolved') return '🟢';
  return finding.severity === 'critical' ? '🔴' : '🟡';
}

/** Some findings are about a source or the ledger, not about one model. */
function isAboutModel({ modelId }: Finding): boolean {
  return modelId !== '*';
}
