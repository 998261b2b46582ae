import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTrustPolicy } from '../../src/compose/trust-policy.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { SIGNER_NAMES } from '../../src/domain/index.ts';
import { BUNDLE } from '../support/bundled.ts';
import { compiled } from '../support/compiled.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'countersign-policy-'));
const compose = join(scratch, 'deploy', 'compose');
const data = join(scratch, 'data');
const safe = join(scratch, 'safe');
const config = join(compose, 'countersign.yaml');
let database: TestDatabase;

/** The folder of the containers' configuration, with volumes that are folders here, and Docker stood in for. */
beforeAll(async () => {
  database = await createTestDatabase();
  for (const file of ['trust-policy', 'countersign.yaml'])
    cpSync(join(ROOT, 'deploy', 'compose', file), join(compose, file));
  for (const file of ['governance-pipeline.yaml', 'fraud-detection/check-parameters.yaml'])
    cpSync(join(ROOT, 'examples', file), join(compose, basename(file)));
  writeFileSync(config, readFileSync(config, 'utf8').replace('/var/lib/countersign', data));
  for (const name of SIGNER_NAMES) mkdirSync(join(data, 'trust', name), { recursive: true });
  mkdirSync(join(scratch, 'bin'));
  symlinkSync(join(import.meta.dirname, 'stand-in-docker'), join(scratch, 'bin', 'docker'));
});
afterAll(async () => {
  await database.close();
  rmSync(scratch, { recursive: true });
});

function run(...args: string[]): string {
  const path = [join(scratch, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = {
    ...{ PATH: path, HOME: scratch, DATA: data, CLI: join(BUNDLE, 'cli/main.js') },
    ...compiled(),
    ...{ COUNTERSIGN_CONFIG: config, DATABASE_URL: database.connectionString },
  };
  return execFileSync(join(compose, 'trust-policy'), args, { encoding: 'utf8', env, stdio: 'pipe' });
}

const inForce = async () => {
  const { trustPolicy } = await loadConfig(config, serviceEnvironment({}));
  if (trustPolicy === null) throw new Error('no trust policy is configured');
  return (await readTrustPolicy(trustPolicy)).policy;
};

it('makes the keys, drafts a policy of them, and puts it in force once it is signed', {
  timeout: 60_000,
}, async () => {
  run('draft');
  await expect(inForce()).rejects.toThrow('cannot be read');
  run('sign', safe);
  const { signers, people, edition } = await inForce();
  expect(signers.map(({ name }) => name).sort()).toEqual([...SIGNER_NAMES].sort());
  expect([people.length, edition.version]).toEqual([3, 1]);
  // Again, with the keys that are there; what another policy key signs is not believed.
  run('draft');
  run('sign', join(scratch, 'elsewhere'));
  await expect(inForce()).rejects.toThrow('is not signed by the key');
});

it('says what it does when it is asked for nothing', () => {
  expect(() => run()).toThrow('trust-policy sign FOLDER');
});
