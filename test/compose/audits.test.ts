import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openSigners } from '../../src/compose/keys.ts';
import { startService } from '../../src/compose/service.ts';
import { SURFACES } from '../../src/compose/surface.ts';
import { listFindings } from '../../src/storage/index.ts';
import { createLogger } from '../../src/telemetry/index.ts';
import { openConfig } from '../support/config.ts';
import { createTestDatabase } from '../support/database.ts';

const FIXTURES = join(import.meta.dirname, '../checks/known/fixtures/cases');
const EXAMPLES = join(import.meta.dirname, '../../examples');
const CHECK = 'risk_tier_assigned';
const PATIENCE = { timeout: 60_000, interval: 100 };

/** The check's cases, as an operator's own beside those of the product. */
async function ownCases(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-audits-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of ['good-example', 'bad-other-version']) {
    const to = join(folder, 'cases', CHECK, `${name}-of-mine`);
    await cp(join(FIXTURES, CHECK, name), to, { recursive: true });
    const text = await readFile(join(to, 'case.yaml'), 'utf8');
    await writeFile(join(to, 'case.yaml'), text.replaceAll(/(\.\.\/)+examples/g, EXAMPLES));
  }
  const stages = `stages:\n  - name: risk_classification\n    checks: [${CHECK}]\n`;
  await writeFile(join(folder, 'pipeline.yaml'), stages);
  return folder;
}

/** Starts a worker and a monitor with these cases; tells how the check is said to stand. */
async function watchChecks(folder: string) {
  const database = await createTestDatabase();
  onTestFinished(() => database.close());
  const config = await openConfig(
    {
      pipelines: [{ file: join(folder, 'pipeline.yaml') }],
      checks: { known: [join(folder, 'cases')] },
      monitor: { interval_seconds: 1 },
    },
    { databaseUrl: database.connectionString },
  );
  // The other surfaces have run here before: their keys are known, and nobody waits for them.
  await openSigners(config, SURFACES);
  const logger = createLogger({ level: 'silent', secrets: [] });
  const service = await startService(config, {
    surfaces: ['queue', 'monitor'],
    onProgress: () => {},
    logger,
  });
  onTestFinished(() => service.stop());
  const reliable = async () => {
    const text = await (await fetch(new URL('/metrics', service.url))).text();
    return /^governance_check_reliable\{check="(\w+)"\} ([01])$/m.exec(text)?.slice(1) ?? null;
  };
  return { reliable, findings: () => listFindings(database.db, { state: 'firing' }) };
}

it('a service audits the checks of its pipelines soon after its start', { timeout: 90_000 }, async () => {
  const { reliable, findings } = await watchChecks(await ownCases());
  await expect.poll(reliable, PATIENCE).toEqual([CHECK, '1']);
  expect(await findings()).toEqual([]);
});

it('a check that gets a known case wrong is a finding', { timeout: 90_000 }, async () => {
  const folder = await ownCases();
  const file = join(folder, 'cases', CHECK, 'good-example-of-mine', 'case.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('version: 4.1.2 }', 'version: 4.1.9 }'));
  const { reliable, findings } = await watchChecks(folder);
  await expect.poll(reliable, PATIENCE).toEqual([CHECK, '0']);
  const seen = async () => (await findings()).map(({ finding }) => [finding.kind, finding.summary]);
  await expect
    .poll(seen, PATIENCE)
    .toEqual([
      ['check_unreliable', expect.stringContaining('good-example-of-mine gave failed, expected passed')],
    ]);
});
