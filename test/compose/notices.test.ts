import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSigners } from '../../src/compose/keys.ts';
import { startService } from '../../src/compose/service.ts';
import { SURFACES, type Surface } from '../../src/compose/surface.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { createLogger } from '../../src/telemetry/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const SLACK = { team: 'T1', app_id: 'A1', approval_channel: 'C1' };

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-notices-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** What surfaces of the service say of themselves when they have started; they are stopped again. */
async function noticesOf(
  surfaces: readonly Surface[],
  { slack = {}, slackBotToken = null }: { slack?: object; slackBotToken?: string | null } = {},
): Promise<readonly string[]> {
  const file = join(folder, 'countersign.yaml');
  await writeFile(file, JSON.stringify({ listen: { port: 0 }, data_dir: '.', ...slack }));
  const config = await loadConfig(file, {
    ...serviceEnvironment({}),
    databaseUrl: database.connectionString,
    slackBotToken,
  });
  // The other surfaces have run here before: their keys are known, and nobody waits for them.
  await openSigners(config, SURFACES);
  const logger = createLogger({ level: 'silent', secrets: [] });
  const service = await startService(config, { surfaces, onProgress: () => {}, logger });
  await service.stop();
  return service.notices;
}

const UNTOLD = expect.stringContaining('alerts go to the log only');

describe('a service with the monitor', () => {
  it('says that alerts go to the log only, and why: no slack section', async () => {
    expect(await noticesOf(['monitor'])).toContain(
      'alerts go to the log only: countersign.yaml has no slack: section',
    );
  });

  it('says so where the token is missing', async () => {
    expect(await noticesOf(['monitor'], { slack: { slack: SLACK } })).toContain(
      'alerts go to the log only: SLACK_BOT_TOKEN is not set',
    );
  });

  it('says nothing of it where a token is enough to post, though no click can arrive', async () => {
    const notices = await noticesOf(['monitor'], { slack: { slack: SLACK }, slackBotToken: 'xoxb-1' });
    expect(notices).not.toContainEqual(UNTOLD);
  });
});

it('a service without the monitor says nothing of alerts', async () => {
  expect(await noticesOf(['api'])).not.toContainEqual(UNTOLD);
});
