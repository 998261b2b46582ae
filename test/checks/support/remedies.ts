import type { CheckReport } from '../../../src/domain/index.ts';

/**
 * What a report leaves its reader to guess: problems without a place, a sentence or a remedy, and an answer other than
 * `passed` that has no problem at all.
 */
export function unsaid({
  outcome,
  message,
  problems,
}: Pick<CheckReport, 'outcome' | 'message' | 'problems'>) {
  const bare = problems.filter(({ where, message: said, remedy }) =>
    [where, said, remedy ?? ''].includes(''),
  );
  const told = ['passed', 'not_applicable'].includes(outcome) || problems.length > 0;
  return [...bare, ...(told ? [] : [`${outcome} without a problem: ${message}`])];
}
