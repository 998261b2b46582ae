import type { CheckCatalogue } from '../checks/index.ts';
import type { Config } from '../config/index.ts';
import { invalidInput } from '../domain/index.ts';
import { scriptDefinitionProblems, scriptFileProblems } from './catalogue.ts';
import { monitorProblems } from './monitoring.ts';
import { pipelineProblems } from './pipelines.ts';
import { readReceiverFiles } from './receiver-files.ts';
import type { Surface } from './surface.ts';

/**
 * Refuses what would be refused later anyhow, when a database had been started and keys had been made. The files of
 * scripts are looked at where runs are executed; other processes need not have them.
 *
 * @throws CountersignError `invalid_input` with every problem of the checks, the pipelines that count, the monitor and
 *   the receivers of alerts
 */
export async function refuseUnfit(
  config: Config,
  catalogue: CheckCatalogue,
  surfaces: readonly Surface[],
): Promise<void> {
  const problems = [
    ...scriptDefinitionProblems(config),
    ...(surfaces.includes('queue') ? await scriptFileProblems(config) : []),
    ...pipelineProblems(config, catalogue),
    ...monitorProblems(config),
    ...(surfaces.includes('monitor') ? (await readReceiverFiles(config)).problems : []),
  ];
  if (problems.length > 0) throw invalidInput('the configuration', problems);
}
