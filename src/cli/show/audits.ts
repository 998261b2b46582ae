import { type AuditOutcome, type CaseAnswer, type CheckAudit, FAULT_IN_WORDS } from '../../domain/index.ts';
import type { AuditedChecks } from '../check-tools.ts';
import type { Terminal } from '../terminal.ts';

/** How the audits went as a whole, in one line. */
export function summaryOf({ audits, isolation }: AuditedChecks): {
  readonly good: boolean;
  readonly text: string;
} {
  const count = (wanted: AuditOutcome) => audits.filter(({ outcome }) => outcome === wanted).length;
  const cases = audits.reduce((sum, { answers }) => sum + answers.length, 0);
  const parts = [
    `${count('right')} of ${audits.length} checks right`,
    ...(['unreliable', 'unproven'] as const).flatMap((outcome) =>
      count(outcome) === 0 ? [] : [`${count(outcome)} ${outcome}`],
    ),
  ];
  return {
    good: count('right') === audits.length,
    text: `${parts.join(', ')} (${cases} cases, isolation ${isolation})`,
  };
}

/** Tells how each check stands, and every wrong answer with what the check said. */
export function showAudits(terminal: Terminal, audits: readonly CheckAudit[]): void {
  for (const audit of audits) showAudit(terminal, audit);
}

function showAudit({ out, paint }: Terminal, { check, version, outcome, answers, gaps }: CheckAudit): void {
  const colour = { right: paint.good, unreliable: paint.bad, unproven: paint.warn }[outcome];
  const cases = answers.length === 1 ? '1 case' : `${answers.length} cases`;
  out(`${colour(outcome.padEnd(10))} ${check} ${paint.dim(`${version}, ${cases}`)}`);
  for (const gap of gaps) out(`  ${gap}`);
  for (const answer of answers) for (const line of faultLines(answer)) out(`  ${line}`);
}

function faultLines({ case: name, fault, expected, got, message }: CaseAnswer): string[] {
  if (fault === null) return [];
  const differing = got === expected ? `${got} as expected` : `expected ${expected}, got ${got}`;
  return [`${name}: ${FAULT_IN_WORDS[fault]} (${differing})`, `  it said: ${message}`];
}
