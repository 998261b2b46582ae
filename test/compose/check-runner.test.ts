import { expect, it } from 'vitest';
import { openCheckRunner } from '../../src/compose/check-runner.ts';
import { openConfig } from '../support/config.ts';

it('gives busy checks as much time as waiting ones', async () => {
  const runner = openCheckRunner(await openConfig({ worker: { check_timeout_seconds: 900 } }));
  const { wallSeconds, cpuSeconds, resourceLimits } = await runner.isolationInForce();
  expect(wallSeconds).toBe(900);
  // Without prlimit there is no limit on processor time at all.
  expect(cpuSeconds).toBe(resourceLimits ? 900 : null);
});
