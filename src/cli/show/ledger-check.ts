import type { CheckOutcome } from '../ledger/check.ts';
import type { Terminal } from '../terminal.ts';
import { showFacts } from './verdict.ts';

/** What came of holding the ledger to a checkpoint, in words. */
export function showLedgerCheck(terminal: Terminal, outcome: CheckOutcome): void {
  const { out, paint } = terminal;
  const { checkpoint, signer, ledger } = outcome;
  const verdict = outcome.consistent ? paint.good('consistent') : paint.bad('not consistent');
  out(`${verdict}  ${checkpoint.origin}`);
  showFacts(terminal, [
    ['checkpoint', `${entries(checkpoint.treeSize)}, root ${checkpoint.root}`],
    ['signed by', signer === null ? null : `${signer.name} (${signer.keyId})`],
    ['ledger now', ledger === null ? null : `${entries(ledger.treeSize)}, root ${ledger.root}`],
  ]);
  out(
    outcome.consistent
      ? `${entries(outcome.added)} added since, and nothing before changed`
      : faultText(outcome),
  );
}

function faultText(outcome: CheckOutcome & { readonly consistent: false }): string {
  switch (outcome.fault) {
    case 'checkpoint_not_signed':
      return `the checkpoint proves nothing: ${outcome.why}`;
    case 'head_not_signed':
      return `there is no head to hold to it: ${outcome.why}`;
    case 'damaged':
      return 'the tiles of the ledger do not give the root of its own head: they are damaged, or were forged';
    case 'rolled_back':
      return `history was rewritten: the ledger has fewer entries than were signed${placeText(outcome.firstEntry)}`;
    case 'rewritten':
      return `history was rewritten: the ledger does not begin with what was signed${placeText(outcome.firstEntry)}`;
  }
}

function placeText(firstEntry: number | null): string {
  return firstEntry === null
    ? '; which entry differs, only a copy of the tree tells: give the checkpoint of a published folder'
    : `; the first entry that differs or is gone is ${firstEntry}`;
}

function entries(count: number): string {
  return `${count} ${count === 1 ? 'entry' : 'entries'}`;
}
