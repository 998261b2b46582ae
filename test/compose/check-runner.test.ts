import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openCheckRunner } from '../../src/compose/check-runner.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';

it('gives busy checks as much time as waiting ones', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-timeout-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'countersign.yaml');
  await writeFile(file, JSON.stringify({ data_dir: '.', worker: { check_timeout_seconds: 900 } }));
  const runner = openCheckRunner(await loadConfig(file, serviceEnvironment({})));
  const { wallSeconds, cpuSeconds, resourceLimits } = await runner.isolationInForce();
  expect(wallSeconds).toBe(900);
  // Without prlimit there is no limit on processor time at all.
  expect(cpuSeconds).toBe(resourceLimits ? 900 : null);
});
