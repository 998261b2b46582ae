import { type CheckCatalogue, type ParameterProblem, parameterProblems } from '../checks/index.ts';
import type { Config, RegisteredPipeline } from '../config/index.ts';
import { TIER_CHECK, withCheckParameters } from '../domain/index.ts';
import { type Problem, yamlPlaces } from '../lib/index.ts';
import { parameterFileProblems, placeInParameters } from './check-parameters.ts';
import { relianceProblems } from './reliance.ts';

/**
 * What is wrong with the pipelines that count, each problem at its line and column. One that names a check which does
 * not exist could never be passed, or would be passed over; one that establishes no risk tier lacks what every
 * governance record carries.
 */
export function pipelineProblems({ pipelines }: Config, catalogue: CheckCatalogue): Problem[] {
  return [
    ...pipelines.flatMap((entry) => [
      ...checkProblems(entry, catalogue),
      ...tierProblems(entry),
      ...relianceProblems(entry, catalogue),
    ]),
    ...parameterFileProblems(pipelines),
  ];
}

function checkProblems(entry: RegisteredPipeline, catalogue: CheckCatalogue): Problem[] {
  const places = placesIn(entry);
  return withCheckParameters(entry.pipeline, entry.parameters).stages.flatMap((stage, index) => {
    if (stage.kind === 'approval') return [];
    return parameterProblems(stage, catalogue).map((found) => ({
      where: places(index, found),
      message: `stage ${stage.name}: ${found.message}`,
      ...(found.fix === undefined ? {} : { fix: found.fix }),
    }));
  });
}

/** A value stands in the pipeline file, or where that says nothing of it, in the file of parameters. */
function placesIn(entry: RegisteredPipeline) {
  const { pipeline, file } = entry;
  const inPipeline = yamlPlaces({ file, text: pipeline.source });
  const inParameters = placeInParameters(entry);
  return (index: number, { path }: ParameterProblem): string => {
    const own = pipeline.stages[index];
    return (
      (own?.kind === 'checks' ? inParameters(own, path) : null) ?? inPipeline(['stages', index, ...path])
    );
  };
}

function tierProblems({ pipeline, file }: RegisteredPipeline): Problem[] {
  const establishes = pipeline.stages.some(
    (stage) =>
      stage.kind === 'checks' &&
      stage.requirement.kind === 'always' &&
      stage.checks.some(({ name }) => name === TIER_CHECK),
  );
  if (establishes) return [];
  const where = yamlPlaces({ file, text: pipeline.source })(['stages']);
  const message = `no required stage has the check ${TIER_CHECK}, so no run could establish the risk tier`;
  return [{ where, message, fix: 'add the stage risk_classification of the reference pipeline' }];
}
