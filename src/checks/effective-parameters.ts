import type { z } from 'zod';
import type { CheckStage } from '../domain/index.ts';
import type { Json, Parsed, Problem } from '../lib/index.ts';
import type { CheckCatalogue } from './catalogue.ts';
import type { CheckDescription } from './contract.ts';

type Parameters = Readonly<Record<string, Json>>;

/** A problem with a stage's parameters and its path below the stage, for callers who know line and column. */
export interface ParameterProblem extends Problem {
  readonly path: readonly (string | number)[];
}

/** The part of a pipeline's stage that concerns checks. */
export type StageOfChecks = Pick<CheckStage, 'name' | 'parameters' | 'checks'>;

/**
 * The parameters with which each check of a stage runs: the stage's own that the check knows, overlaid by the check's.
 * Defaults are not filled in; the check does that.
 *
 * @returns by check name; or every problem: unknown check, unknown parameter, value of the wrong type.
 */
export function effectiveParameters(
  stage: StageOfChecks,
  catalogue: CheckCatalogue,
): Parsed<ReadonlyMap<string, Parameters>> {
  const problems = parameterProblems(stage, catalogue);
  if (problems.length > 0) return { ok: false, problems };
  const entries = stage.checks.map((use) => {
    const check = catalogue.find(use.name);
    return [use.name, check === undefined ? {} : merged(check, stage.parameters, use.parameters)] as const;
  });
  return { ok: true, value: new Map(entries) };
}

/** Everything wrong with a stage's checks and parameters; empty when they can run. */
export function parameterProblems(
  stage: StageOfChecks,
  catalogue: CheckCatalogue,
): readonly ParameterProblem[] {
  const known = stage.checks.map((use) => catalogue.find(use.name));
  const found = stage.checks.flatMap((use, index) => {
    const check = known[index];
    return check === undefined
      ? [unknownCheck(catalogue, stage, use.name, index)]
      : useProblems(stage, check, index);
  });
  // With an unknown check among them nobody can say which shared keys are meant for it.
  return known.includes(undefined)
    ? found
    : distinct([...sharedProblems(stage, known as CheckDescription[]), ...found]);
}

function unknownCheck(
  { entries }: CheckCatalogue,
  stage: StageOfChecks,
  name: string,
  index: number,
): ParameterProblem {
  return {
    path: ['checks', index],
    where: `stage ${stage.name}, check ${name}`,
    message: `there is no check "${name}"`,
    fix: `known checks: ${entries.map((entry) => entry.name).join(', ')}`,
  };
}

function sharedProblems(stage: StageOfChecks, checks: readonly CheckDescription[]): ParameterProblem[] {
  const keys = Object.keys(stage.parameters).filter((key) => !checks.some((check) => knows(check, key)));
  return keys.map((key) => ({
    path: ['parameters', key],
    where: `stage ${stage.name}, parameter ${key}`,
    message: 'no check of this stage knows this parameter',
    fix: `known parameters: ${[...new Set(checks.flatMap(keysOf))].sort().join(', ') || 'none'}`,
  }));
}

function useProblems(stage: StageOfChecks, check: CheckDescription, index: number): ParameterProblem[] {
  const own = stage.checks[index]?.parameters ?? {};
  const result = check.parameters.safeParse(merged(check, stage.parameters, own));
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => issueProblems(issue, stage, check, own, index));
}

function issueProblems(
  issue: z.core.$ZodIssue,
  stage: StageOfChecks,
  check: CheckDescription,
  own: Parameters,
  index: number,
): ParameterProblem[] {
  const paths =
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return paths.map((issuePath) => {
    const path = issuePath.map((key) => (typeof key === 'number' ? key : String(key)));
    const shared = path.length > 0 && !Object.hasOwn(own, path[0] as string) && knows(check, String(path[0]));
    return {
      path: [...(shared ? [] : ['checks', index]), 'parameters', ...path],
      where: `stage ${stage.name}, ${shared ? '' : `check ${check.name}, `}parameter ${path.join('.')}`,
      message: issue.code === 'unrecognized_keys' ? 'this check knows no such parameter' : issue.message,
      ...(issue.code === 'unrecognized_keys' ? { fix: `known parameters: ${keysOf(check).join(', ')}` } : {}),
    };
  });
}

function merged(check: CheckDescription, shared: Parameters, own: Parameters): Parameters {
  const taken = Object.entries(shared).filter(([key]) => knows(check, key));
  return { ...Object.fromEntries(taken), ...own };
}

function knows(check: CheckDescription, key: string): boolean {
  return Object.hasOwn(check.parameters.shape, key);
}

function keysOf(check: CheckDescription): string[] {
  return Object.keys(check.parameters.shape).sort();
}

function distinct(problems: readonly ParameterProblem[]): ParameterProblem[] {
  return [...new Map(problems.map((found) => [`${found.where} ${found.message}`, found])).values()];
}
