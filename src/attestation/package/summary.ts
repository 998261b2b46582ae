import type { LedgerView, Predicate, PredicateKind, PredicateOf } from '../../domain/index.ts';
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

type Row = readonly [time: string, text: string];

/** When and what a statement of each kind says. None is left out, lest a withdrawal go unseen. */
const ROWS: { readonly [Kind in PredicateKind]: (body: PredicateOf<Kind>) => Row } = {
  'stage-result/v1': ({ performedAt, stage, outcome }) => [performedAt, `stage ${stage}: ${outcome}`],
  'governance-record/v1': (body) => [
    body.issuedAt,
    `record: ${body.riskTier}, completed ${body.completedStages.join(', ')} of ${body.requiredStages.join(', ')}, valid until ${body.validUntil}`,
  ],
  'approval-request/v1': ({ requestedAt, roles, expiresAt }) => [
    requestedAt,
    `approval asked of ${roles.join(', ')}, until ${expiresAt}`,
  ],
  'approval-decision/v1': ({ decidedAt, decision, person, roles, expiresAt, onBehalfOf }) => [
    decidedAt,
    `${decision} by ${person}${onBehalfOf === undefined ? '' : ` in the place of ${onBehalfOf.person}`} (${roles.join(', ')}), valid until ${expiresAt}`,
  ],
  'approval-withdrawal/v1': ({ withdrawnAt, person }) => [withdrawnAt, `answer withdrawn by ${person}`],
  'delegation/v1': ({ saidAt, ends, delegator, delegate, roles, from, until }) => [
    saidAt,
    ends === undefined
      ? `${delegate} decides in the place of ${delegator} (${roles.join(', ')}) from ${from} until ${until}`
      : `${delegate} decides in the place of ${delegator} no more from ${until}`,
  ],
  'override/v1': ({ grantedAt, confirms, person, role, environment, expiresAt }) => [
    grantedAt,
    `override${confirms === undefined ? '' : ' confirmed'} by ${person} (${role}) for ${environment}, good until ${expiresAt}`,
  ],
  'override-documentation/v1': ({ documentedAt, person }) => [
    documentedAt,
    `override documented by ${person}`,
  ],
  'current-inputs/v1': ({ reportedAt }) => [reportedAt, 'inputs reported as they are now'],
  'renewal/v1': ({ renewedAt, number, reason, validUntil }) => [
    renewedAt,
    `renewal ${number}: ${reason}; valid until ${validUntil}`,
  ],
  'enforcement/v1': ({ decidedAt, action, dryRun, deployment, allowedBy }) => [
    decidedAt,
    `traffic of ${deployment}: ${action}${dryRun ? ' (nobody was told to)' : ''}${allowedBy === undefined ? '' : `, let go by ${allowedBy}`}`,
  ],
  'ledger-view/v1': ({ issuedAt, statements }) => [
    issuedAt,
    `the ledger holds ${statements.length} statements`,
  ],
  'view-witness/v1': ({ witnessedAt, view }) => [
    witnessedAt,
    `the monitor knows the ledger as view ${view} says`,
  ],
};

function rowOf({ kind, body }: Predicate): Row {
  return (ROWS[kind] as (said: typeof body) => Row)(body);
}

/** Foreign text made fit for a cell: one line, no control characters, nothing that Markdown would take for its own. */
function plain(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, ' ').replace(/[\\`*[\]<>#|!&~]/g, (sign) => `\\${sign}`);
}
