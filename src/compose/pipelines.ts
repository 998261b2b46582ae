import { parameterProblems } from '../checks/index.ts';
import type { Config, RegisteredPipeline } from '../config/index.ts';
import { TIER_CHECK } from '../domain/index.ts';
import { type Problem, yamlPlaces } from '../lib/index.ts';

/**
 * What is wrong with the pipelines that count, each problem at its line and column. One that names a check which does
 * not exist could never be passed, or would be passed over; one that establishes no risk tier lacks what every
 * governance record carries.
 */
export function pipelineProblems({ pipelines }: Config): Problem[] {
  return pipelines.flatMap((entry) => [...checkProblems(entry), ...tierProblems(entry)]);
}

function checkProblems({ pipeline, file }: RegisteredPipeline): Problem[] {
  const placeOf = yamlPlaces({ file, text: pipeline.source });
  return pipeline.stages.flatMap((stage, index) => {
    if (stage.kind === 'approval') return [];
    return parameterProblems(stage).map(({ path, message, fix }) => ({
      where: placeOf(['stages', index, ...path]),
      message: `stage ${stage.name}: ${message}`,
      ...(fix === undefined ? {} : { fix }),
    }));
  });
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
