import { expect, it } from 'vitest';
import { BUILT_IN_CHECKS } from '../../src/checks/index.ts';
import { openCheckRunner } from '../../src/compose/check-runner.ts';
import { openConfig } from '../support/config.ts';

it('gives busy checks as much time as waiting ones', async () => {
  const runner = openCheckRunner(
    await openConfig({ worker: { check_timeout_seconds: 900 } }),
    BUILT_IN_CHECKS,
  );
  const { wallSeconds, cpuSeconds, resourceLimits } = await runner.isolationInForce();
  expect(wallSeconds).toBe(900);
  // Without prlimit there is no limit on processor time at all.
  expect(cpuSeconds).toBe(resourceLimits ? 900 : null);
});
