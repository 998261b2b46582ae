import type { CheckCatalogue } from '../checks/index.ts';
import type { Config } from '../config/index.ts';
import { invalidInput } from '../domain/index.ts';
import { monitorProblems } from './monitoring.ts';
import { pipelineProblems } from './pipelines.ts';

/**
 * Refuses what would be refused later anyhow, when a database had been started and keys had been made.
 * @throws CountersignError `invalid_input` with every problem of the pipelines that count and of the monitor
 */
export function refuseUnfit(config: Config, catalogue: CheckCatalogue): void {
  const problems = [...pipelineProblems(config, catalogue), ...monitorProblems(config)];
  if (problems.length > 0) throw invalidInput('the configuration', problems);
}
