import { type CheckCatalogue, effectiveParameters } from '../checks/index.ts';
import type { RegisteredPipeline } from '../config/index.ts';
import { checkStages, type Pipeline, withCheckParameters } from '../domain/index.ts';
import { type Problem, yamlPlaces } from '../lib/index.ts';

/** Checks whose parameters leave something to a check that no required stage of the pipeline has. */
export function relianceProblems(entry: RegisteredPipeline, catalogue: CheckCatalogue): Problem[] {
  const { file, pipeline, parameters } = entry;
  const configured = withCheckParameters(pipeline, parameters);
  const required = requiredChecks(pipeline);
  const placeOf = yamlPlaces({ file, text: pipeline.source });
  return configured.stages.flatMap((stage, index) => {
    const given = stage.kind === 'checks' ? effectiveParameters(stage, catalogue) : null;
    if (!given?.ok) return [];
    return [...given.value].flatMap(([name, values]) => {
      const relied = catalogue.find(name)?.builtIn?.reliesOn?.(values) ?? [];
      return relied
        .filter((other) => !required.has(other))
        .map((other) => ({
          where: placeOf(['stages', index]),
          message: `stage ${stage.name}: ${name} leaves something to ${other}, which no required stage has`,
          fix: `add ${other} to a required stage, or change the parameters of ${name}`,
        }));
    });
  });
}

function requiredChecks(pipeline: Pipeline): ReadonlySet<string> {
  const stages = checkStages(pipeline).filter(({ requirement }) => requirement.kind === 'always');
  return new Set(stages.flatMap(({ checks }) => checks.map(({ name }) => name)));
}
