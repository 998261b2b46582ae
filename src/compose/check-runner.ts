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

/** What an operator should know about scripts on this machine; nothing is tried where there are none. */
export async function scriptNotices(
  { checks }: Pick<Config, 'checks'>,
  runner: Pick<CheckRunner, 'isolationInForce'> | null,
): Promise<string[]> {
  if (runner === null || checks.scripts.length === 0) return [];
  const { kind } = await runner.isolationInForce();
  if (kind === 'bubblewrap') return [];
  return checks.require_bubblewrap
    ? [
        'no script of checks.scripts will be run: checks.require_bubblewrap is set, and bubblewrap does not work here',
      ]
    : [`${SCRIPTS_NOT_APART} (isolation: ${kind})`];
}

const SCRIPTS_NOT_APART =
  'scripts are not kept apart: without bubblewrap those of checks.scripts, and what takes them over, can read the keys of this process; install bubblewrap and set checks.require_bubblewrap';
