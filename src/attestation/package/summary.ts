import type { LedgerView, Predicate } from '../../domain/index.ts';
import { readStatement } from '../statement.ts';
import type { NamedStatement } from './named-statement.ts';

/** What the statements of a package say, as a section of Markdown for people. Nothing is verified for it. */
export function summaryOfStatements([view, , ...statements]: readonly NamedStatement[]): string {
  const said = statements.flatMap(({ text }) => saidIn(text));
  const [ledger] = view === undefined ? [] : saidIn(view.text);
  return [
    '## What was done\n',
    'This is what the statements say, not whether they count; that takes `countersign verify`.\n',
    ...(ledger?.kind === 'ledger-view/v1' ? [asOf(ledger.body)] : []),
    '| when | what is said |',
    '| --- | --- |',
    ...said.map(rowOf).map(([time, text]) => `| ${time} | ${plain(text)} |`),
  ].join('\n');
}

function saidIn(text: string): Predicate[] {
  try {
    const { payload } = JSON.parse(text).dsseEnvelope;
    const read = readStatement(Buffer.from(payload, 'base64'));
    return read.ok ? [read.predicate] : [];
  } catch {
    return [];
  }
}

function asOf({ issuedAt, validUntil, statements }: LedgerView): string {
  return `As of ${issuedAt} the ledger held ${statements.length} statements about it; to be believed as all until ${validUntil}.\n`;
}

/** When and what one statement says. None is left out, lest a withdrawal go unseen. */
function rowOf({ kind, body }: Predicate): readonly [string, string] {
  switch (kind) {
    case 'stage-result/v1':
      return [body.performedAt, `stage ${body.stage}: ${body.outcome}`];
    case 'governance-record/v1':
      return [
        body.issuedAt,
        `record: ${body.riskTier}, completed ${body.completedStages.join(', ')} of ${body.requiredStages.join(', ')}, valid until ${body.validUntil}`,
      ];
    case 'approval-request/v1':
      return [body.requestedAt, `approval asked of ${body.roles.join(', ')}, until ${body.expiresAt}`];
    case 'approval-decision/v1':
      return [
        body.decidedAt,
        `${body.decision} by ${body.person} (${body.roles.join(', ')}), valid until ${body.expiresAt}`,
      ];
    default:
      return ['', `${kind}: see its file`];
  }
}

/** Foreign text made fit for a cell: one line, no control characters, nothing that Markdown would take for its own. */
function plain(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, ' ').replace(/[\\`*[\]<>#|!&~]/g, (sign) => `\\${sign}`);
}
