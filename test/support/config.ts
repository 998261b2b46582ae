import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type Config,
  loadConfig,
  type ServiceEnvironment,
  serviceEnvironment,
} from '../../src/config/index.ts';

/** A configuration in a folder of the running test's own, which is its data folder too. */
export async function openConfig(
  settings: object = {},
  environment: Partial<ServiceEnvironment> = {},
): Promise<Config> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'countersign.yaml');
  await writeFile(file, JSON.stringify({ listen: { port: 0 }, data_dir: '.', ...settings }));
  return loadConfig(file, {
    ...serviceEnvironment({}),
    ...environment,
  });
}
