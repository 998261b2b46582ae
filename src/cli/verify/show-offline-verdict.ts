import { approvalsText, showFacts, showHeadline, showReasons, validityText } from '../show/verdict.ts';
import type { Terminal } from '../terminal.ts';
import type { OfflineVerdict } from './judge-offline.ts';

/** What the verdict is about, for its reader. */
export interface Occasion {
  /** The model version, as the package names it. */
  readonly about: string;
  readonly file: string;
  /** The time was given, and is not now. */
  readonly isThen: boolean;
}

/** Tells an offline verdict: plainly first whether these are the governed bytes at all. */
export function showOfflineVerdict(terminal: Terminal, result: OfflineVerdict, occasion: Occasion): void {
  const { verdict, allowed, matches } = result;
  const status = matches || !verdict.allowed ? verdict.status : 'ungoverned';
  showHeadline(terminal, occasion.about, { ...verdict, status, allowed });
  if (matches) showGrounds(terminal, result, occasion);
  else showMismatch(terminal, result, occasion);
}

function showGrounds(terminal: Terminal, { got, verdict }: OfflineVerdict, { file, isThen }: Occasion): void {
  const { basis, asOf, judgedAt } = verdict;
  showFacts(terminal, [
    ['artifact', verdict.manifest === null ? `${got} (${file})` : verdict.artifact],
    ['manifest', verdict.manifest],
    ['risk tier', basis?.riskTier ?? null],
    ['stages passed', basis === null ? null : basis.completedStages.join(', ')],
    ['approvals', approvalsText(basis?.approvals ?? [])],
    ['valid until', validityText(basis)],
    ['as of', asOf === null ? null : `${asOf} (the ledger view; later events are not known)`],
    ['judged at', isThen ? `${judgedAt} (given with --as-of)` : judgedAt],
  ]);
  showReasons(terminal, verdict.reasons);
  for (const { code, message } of verdict.notes) terminal.out(`  note: ${code}: ${message}`);
}

function showMismatch(
  { out, paint }: Terminal,
  { expected, got }: OfflineVerdict,
  { file, about }: Occasion,
): void {
  out(`  ${paint.bad('these are not the governed bytes')}`);
  out(`    expected  ${expected} (the record of ${about})`);
  out(`    got       ${got} (${file})`);
  out(`    ${paint.dim('resolve:')} deploy the file that the record is about, or submit this one`);
}
