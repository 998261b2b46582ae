import { z } from 'zod';
import type { Json } from '../../lib/index.ts';
import type { CheckStage, CheckUse, Pipeline } from './pipeline.ts';
import { Parameters, SnakeName } from './schema.ts';

/**
 * `check-parameters.yaml`: what the operator tells the checks of a pipeline about some models, so that one pipeline file
 * can hold for all of them. The submitter never writes it.
 */
export const CheckParameters = z.strictObject({
  stages: z
    .record(SnakeName, Parameters)
    .default({})
    .describe("By stage: parameters shared by its checks, beneath the pipeline file's own."),
  checks: z
    .record(SnakeName, Parameters)
    .default({})
    .describe("By check: its parameters alone, beneath the pipeline file's own for the check."),
});
export type CheckParameters = z.infer<typeof CheckParameters>;

/** No parameters beyond those of the pipeline file. */
export const NO_CHECK_PARAMETERS: CheckParameters = { stages: {}, checks: {} };

/** The pipeline with the parameters beneath its own: what its file says comes first. Its digest stays that of the file. */
export function withCheckParameters(pipeline: Pipeline, parameters: CheckParameters): Pipeline {
  const configured = (stage: CheckStage): CheckStage => ({
    ...stage,
    parameters: beneath(stage.parameters, parameters.stages[stage.name]),
    checks: stage.checks.map(
      (use): CheckUse => ({ ...use, parameters: beneath(use.parameters, parameters.checks[use.name]) }),
    ),
  });
  const stages = pipeline.stages.map((stage) => (stage.kind === 'checks' ? configured(stage) : stage));
  return { ...pipeline, stages };
}

type Values = Readonly<Record<string, Json>>;

function beneath(own: Values, given: CheckParameters['stages'][string] | undefined): Values {
  return { ...(given as Values | undefined), ...own };
}
