import { parameterProblems } from '../checks/index.ts';
import type { Config } from '../config/index.ts';
import { invalidInput } from '../domain/index.ts';
import { yamlPlaces } from '../lib/index.ts';

/** A pipeline that names a check which does not exist must not count: it could never be passed, or would be passed over. */
export function refuseUnknownChecks(config: Config): void {
  const problems = config.pipelines.flatMap(({ pipeline, file }) => {
    const placeOf = yamlPlaces({ file, text: pipeline.source });
    return pipeline.stages.flatMap((stage, index) =>
      stage.kind === 'approval'
        ? []
        : parameterProblems(stage).map(({ path, message, fix }) => ({
            where: placeOf(['stages', index, ...path]),
            message: `stage ${stage.name}: ${message}`,
            ...(fix ? { fix } : {}),
          })),
    );
  });
  if (problems.length > 0) throw invalidInput('a registered pipeline', problems);
}
