import { parameterProblems } from '../checks/index.ts';
import type { Config, RegisteredPipeline } from '../config/index.ts';
import { invalidInput, TIER_CHECK } from '../domain/index.ts';
import { type Problem, yamlPlaces } from '../lib/index.ts';

/**
 * A pipeline that names a check which does not exist must not count: it could never be passed, or would be passed
 * over. Nor one that establishes no risk tier, which every governance record carries.
 * @throws CountersignError `invalid_input` with every problem, each at its line and column
 */
export function refuseUnfitPipelines(config: Config): void {
  const problems = config.pipelines.flatMap((entry) => [...checkProblems(entry), ...tierProblems(entry)]);
  if (problems.length > 0) throw invalidInput('a registered pipeline', problems);
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
