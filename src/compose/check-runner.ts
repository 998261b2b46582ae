import { join } from 'node:path';
import { type CheckCatalogue, type CheckRunner, createCheckRunner } from '../checks/index.ts';
import type { Config } from '../config/index.ts';

/** Where compiled code is kept for the checks' processes; checks run without where it cannot be written to. */
export function checkCacheFolder({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'cache', 'checks');
}

/** The runner of this process's checks. The one time limit of the configuration is for time and for processor time. */
export function openCheckRunner(
  config: Pick<Config, 'dataDir' | 'worker'>,
  catalogue: CheckCatalogue,
): CheckRunner {
  const seconds = config.worker.checkTimeoutSeconds;
  return createCheckRunner({
    catalogue,
    limits: { wallSeconds: seconds, cpuSeconds: seconds },
    cacheFolder: checkCacheFolder(config),
  });
}
