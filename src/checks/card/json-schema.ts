import type { ErrorObject } from 'ajv';
import type { CheckProblem } from '../../domain/index.ts';
import { problem } from '../report.ts';

/** A problem for each error of ajv that tells something, at its place in the document. */
export function schemaErrors(
  name: string,
  errors: readonly ErrorObject[] | null | undefined,
): CheckProblem[] {
  return (errors ?? []).filter(isTelling).map((error) => toProblem(name, error));
}

/** Branches of a failed choice say what each branch wanted; the choice itself says enough. */
function isTelling(error: ErrorObject): boolean {
  return !/\/(?:oneOf|anyOf)\/\d+\//.test(error.schemaPath) && error.keyword !== 'if';
}

function toProblem(name: string, error: ErrorObject): CheckProblem {
  const place = error.instancePath
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .replace(/^\./, '');
  const extra = Object.values(error.params as Record<string, unknown>).find(
    (value) => typeof value === 'string',
  );
  const detail = error.keyword === 'additionalProperties' && extra !== undefined ? `: "${extra}"` : '';
  return problem(
    `${name}: ${place || 'document'}`,
    `${error.message ?? error.keyword}${detail}`,
    'correct the field as the schema of the format demands',
  );
}
