import { createCheckRunner } from '../../checks/index.ts';
import type { Examined } from '../../cli/index.ts';
import type { Config } from '../../config/index.ts';
import { catalogueOf } from '../catalogue.ts';
import { scriptNotices } from '../check-runner.ts';
import { about } from './examined.ts';

const { ok, warning, problem } = about('isolation');

/** Tries what keeps checks, which read hostile files, apart from the rest of this machine. */
export async function examineIsolation(config: Config): Promise<Examined[]> {
  // Without a cache of compiled code: that would be written to the data folder.
  const runner = createCheckRunner({ catalogue: catalogueOf(config) });
  try {
    const { kind, description } = await runner.isolationInForce();
    const notices = await scriptNotices(config, runner);
    const scripts = notices.map((notice) =>
      config.checks.require_bubblewrap
        ? problem(notice, 'install bubblewrap, or allow unprivileged user namespaces')
        : warning(notice, 'install bubblewrap'),
    );
    if (kind === 'bubblewrap') return [ok(description), ...scripts];
    return [warning(`checks run with less than they could: ${description}`, FIX[kind]), ...scripts];
  } finally {
    await runner.close();
  }
}

const FIX = {
  prlimit:
    'install bubblewrap and allow unprivileged user namespaces; in a container, allow them by its security profile',
  none: 'install util-linux (prlimit) and bubblewrap',
} as const;
