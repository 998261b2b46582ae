import type { CheckProblem, CheckReport, Measurement, Outcome } from '../domain/index.ts';
import type { Json, Problem } from '../lib/index.ts';

const MAX_PROBLEMS = 100;
const MAX_TEXT = 500;

/** What a report holds beside its outcome and message; everything is optional. */
export interface ReportParts {
  readonly problems?: readonly CheckProblem[];
  readonly measurements?: readonly Measurement[];
  readonly details?: { readonly [key: string]: Json };
}

/** A report with its parts in place. At most 100 problems are kept, with a last one that counts the rest. */
export function report(outcome: Outcome, message: string, parts: ReportParts = {}): CheckReport {
  return {
    outcome,
    message,
    problems: capped(parts.problems ?? []),
    measurements: [...(parts.measurements ?? [])],
    details: { ...parts.details } as CheckReport['details'],
  };
}

/** A report that says why the evidence does not suffice, with a problem for everything that is lacking. */
export function insufficient(message: string, problems: readonly CheckProblem[]): CheckReport {
  return report('insufficient_evidence', message, { problems });
}

/**
 * A problem at a place in an evidence file.
 *
 * @param remedy what to do about it: nobody should have to guess that from the message
 */
export function problem(where: string, message: string, remedy: string): CheckProblem {
  return { where, message, remedy };
}

/** The problem of evidence that a check needs and nobody submitted. */
export function notSubmitted(evidence: string, what: string): CheckProblem {
  return problem(evidence, 'was not submitted', `submit ${what} as the evidence ${evidence}`);
}

const CORRECT = 'correct the file there, and submit it again';

/** Problems of the readers of files, in the words of a check. */
export function toCheckProblems(problems: readonly Problem[]): CheckProblem[] {
  return problems.map(({ where, message, fix }) => problem(where, message, fix ?? CORRECT));
}

/** A value from the evidence made fit for a message: one line, no control characters, at most 80 characters. */
export function quoted(text: string): string {
  const line = text.replace(/\p{C}+|\s+/gu, ' ').trim();
  return `"${line.length > 80 ? `${line.slice(0, 77)}…` : line}"`;
}

/** `1 problem`, `2 problems`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function capped(problems: readonly CheckProblem[]): CheckProblem[] {
  const kept = problems.slice(0, MAX_PROBLEMS).map(shortened);
  const more = problems.length - kept.length;
  return more > 0
    ? [...kept, problem('…', `${more} more of the kind`, 'mend those above first, then run the check again')]
    : kept;
}

function shortened({ where, message, ...rest }: CheckProblem): CheckProblem {
  return { where: cut(where), message: cut(message), ...rest };
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}
