import type { CheckProblem } from '../../domain/index.ts';
import { problem } from '../report.ts';

/**
 * What a look at one object gave: `fails` is wrong, `unknown` cannot be judged and so does not pass, `warns` is told beside
 * a pass, `holds` is what a pass rests on.
 */
export type FindingLevel = 'fails' | 'unknown' | 'warns' | 'holds';

/** One finding, at a place in the evidence. */
export interface Finding {
  readonly level: FindingLevel;
  readonly where: string;
  readonly message: string;
  /** What to do about it; of `holds` there is nothing to do. */
  readonly remedy: string;
}

type Make = (where: string, message: string, remedy: string) => Finding;

const maker =
  (level: FindingLevel): Make =>
  (where, message, remedy) => ({ level, where, message, remedy });

export const fails = maker('fails');
export const unknown = maker('unknown');
export const warns = maker('warns');
/** What a pass rests on: there is nothing to do about it. */
export const holds = (where: string, message: string): Finding => ({
  level: 'holds',
  where,
  message,
  remedy: '',
});

/** The findings of a level, without repetitions, as problems. */
export function problemsOf(findings: readonly Finding[], ...levels: readonly FindingLevel[]): CheckProblem[] {
  const chosen = findings.filter(({ level }) => levels.includes(level));
  const distinct = new Map(chosen.map((found) => [`${found.where}\0${found.message}`, found]));
  return [...distinct.values()].map(({ where, message, remedy }) => problem(where, message, remedy));
}

/** Whether any finding has the level. */
export function any(findings: readonly Finding[], level: FindingLevel): boolean {
  return findings.some((found) => found.level === level);
}
