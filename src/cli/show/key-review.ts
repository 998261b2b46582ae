import type { Support } from '../../domain/index.ts';
import type { KeyReviewAnswer } from '../key-tools.ts';
import type { Terminal } from '../terminal.ts';
import { showTable } from './table.ts';

/** Tells what a key made, what else supports it, and which verdicts change. */
export function showKeyReview(terminal: Terminal, { statements, verdicts }: KeyReviewAnswer): void {
  const refused = statements.filter((statement) => statement.refused);
  terminal.out(`it made ${statements.length} statements; ${refused.length} of them are refused`);
  const unsupported = refused.length > 0 ? refused : statements;
  if (unsupported.length > 0)
    showTable(
      terminal,
      ['PLACE', 'STATEMENT', 'KIND', 'RECORDED', 'SUPPORTED BY'],
      unsupported.map(({ index, id, kind, recordedAt, support }) => [
        String(index),
        id,
        kind,
        recordedAt,
        wordsOf(support),
      ]),
    );
  for (const { artifact, environment, before, after } of verdicts)
    terminal.out(`in ${environment}, ${artifact} was ${before} and is ${after}`);
}

/** In a line how much was signed again, and whether that is all. */
export function resignedOf(
  { statements }: Pick<KeyReviewAnswer, 'statements'>,
  dryRun: boolean,
): { readonly text: string; readonly isWhole: boolean } {
  const count = statements.filter(({ support }) => support.kind !== 'none').length;
  const verb = dryRun ? 'would be' : 'are';
  return {
    text: `${count} of ${statements.length} statements ${verb} signed again`,
    isWhole: count === statements.length,
  };
}

function wordsOf(support: Support): string {
  switch (support.kind) {
    case 'ledger_position':
      return 'its place in the ledger';
    case 'checks_rerun':
      return `another run, ${support.by.slice(0, 12)}…`;
    case 'supported_results':
      return 'the results that it rests on';
    case 'none':
      return `nothing: ${support.why}; ${support.resolve}`;
  }
}
