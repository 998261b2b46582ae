import type { RegisteredPipeline } from '../config/index.ts';
import {
  type CheckParameters,
  type CheckStage,
  checkStages,
  type Digest,
  digestOfJson,
  NO_CHECK_PARAMETERS,
} from '../domain/index.ts';
import { type Problem, yamlPlaces } from '../lib/index.ts';

const ANY = '*';

/** What the checks of a pipeline are told about a model: an entry that names the model comes before one for all. */
export function checkParametersOf(pipelines: readonly RegisteredPipeline[]) {
  return (digest: Digest, modelId: string): CheckParameters => {
    const entries = pipelines.filter(({ pipeline }) => pipeline.digest === digest);
    const entry =
      entries.find(({ models }) => models.includes(modelId)) ??
      entries.find(({ models }) => models.includes(ANY));
    return entry?.parameters ?? NO_CHECK_PARAMETERS;
  };
}

/** What is wrong with the files of parameters beside the values in them. */
export function parameterFileProblems(pipelines: readonly RegisteredPipeline[]): Problem[] {
  return [...pipelines.flatMap(unknownNames), ...contradictions(pipelines)];
}

type Path = readonly (string | number)[];

/**
 * Where a problem of a stage stands in the file of parameters; null where it is not that file's.
 * @returns a function of the stage as the pipeline file has it, and the problem's path below the stage
 */
export function placeInParameters({ parameters, parametersSource }: RegisteredPipeline) {
  const placeOf = parametersSource === null ? () => null : yamlPlaces(parametersSource);
  return (own: CheckStage, path: Path): string | null => {
    const [first, second, , key] = path;
    if (first === 'parameters') {
      const name = String(second);
      const given = !Object.hasOwn(own.parameters, name) && has(parameters.stages[own.name], name);
      return given ? placeOf(['stages', own.name, ...path.slice(1)]) : null;
    }
    const use = own.checks[Number(second)];
    if (use === undefined || key === undefined || Object.hasOwn(use.parameters, String(key))) return null;
    return has(parameters.checks[use.name], String(key))
      ? placeOf(['checks', use.name, ...path.slice(3)])
      : null;
  };
}

function has(values: object | undefined, key: string): boolean {
  return values !== undefined && Object.hasOwn(values, key);
}

function unknownNames({ pipeline, parameters, parametersSource, file }: RegisteredPipeline): Problem[] {
  if (parametersSource === null) return [];
  const placeOf = yamlPlaces(parametersSource);
  const stages = checkStages(pipeline);
  const known = {
    stages: stages.map(({ name }) => name),
    checks: stages.flatMap(({ checks }) => checks.map(({ name }) => name)),
  };
  return (['stages', 'checks'] as const).flatMap((kind) =>
    Object.keys(parameters[kind])
      .filter((name) => !known[kind].includes(name))
      .map((name) => ({
        where: placeOf([kind, name]),
        message: `${kind}.${name}: ${file} has no ${kind === 'stages' ? 'stage of checks' : 'check'} of that name`,
        fix: `it has ${known[kind].join(', ')}`,
      })),
  );
}

/** One pipeline, one model, two answers: which would count would depend on the order of the entries. */
function contradictions(pipelines: readonly RegisteredPipeline[]): Problem[] {
  const first = new Map<string, RegisteredPipeline>();
  const problems: Problem[] = [];
  for (const entry of pipelines)
    for (const model of entry.models) {
      const key = `${entry.pipeline.digest} ${model}`;
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, entry);
      else if (digestOfJson(earlier.parameters) !== digestOfJson(entry.parameters))
        problems.push({
          where: entry.parametersSource?.file ?? entry.file,
          message: `${entry.file} is registered twice for the model ${model}, with different parameters`,
          fix: 'give both entries of pipelines: the same parameters, or name different models',
        });
    }
  return problems;
}
