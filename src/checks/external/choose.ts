import type { CheckReport } from '../../domain/index.ts';
import type { CatalogueEntry } from '../catalogue.ts';
import type { Check } from '../contract.ts';
import { report } from '../report.ts';
import { FORMAT_CHECK } from './format-check.ts';
import type { ScriptCheck } from './script-check.ts';

/**
 * What runs under a name for an artifact: the built-in check, or the script that takes its place for the artifact's
 * format, found from its bytes in a process apart; or why that could not be told.
 *
 * @param look runs the check of the format on the artifact
 */
export async function chooseImplementation(
  { builtIn, scripts }: CatalogueEntry,
  look: (check: Check) => Promise<CheckReport>,
): Promise<Check | ScriptCheck | CheckReport> {
  const [script] = scripts;
  if (builtIn === null)
    return script ?? report('errored', 'there is neither a built-in check nor a script of that name');
  if (script === undefined) return builtIn;
  const found = await look(FORMAT_CHECK);
  const format = found.details['format'];
  if (found.outcome !== 'passed' || typeof format !== 'string')
    return report('errored', `the artifact's format could not be found out: ${found.message}`);
  return scripts.find(({ formats }) => formats?.includes(format)) ?? builtIn;
}
