import type { Config } from '../config/index.ts';
import { sourceProblems } from '../inventory/index.ts';
import type { Problem } from '../lib/index.ts';
import { intervalProblem } from '../monitor/index.ts';

/** What is wrong with the monitor's interval and its sources, each problem at its line and column. */
export function monitorProblems(config: Config): Problem[] {
  const { monitor, placeOf } = config;
  const ofSources = sourceProblems(monitor.sources).map(({ path, where, message, ...rest }) => ({
    where: placeOf(['monitor', 'sources', ...path]),
    message: `${where}: ${message}`,
    ...rest,
  }));
  return [...intervalProblems(config), ...ofSources];
}

function intervalProblems({ monitor, placeOf }: Config): Problem[] {
  const uneven = intervalProblem(monitor.intervalSeconds);
  if (uneven === null) return [];
  const where = placeOf(['monitor', 'interval_seconds']);
  return [{ where, message: `monitor.interval_seconds: ${uneven.message}`, fix: uneven.fix }];
}
