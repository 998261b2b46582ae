import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadOrCreateSigner } from '../../src/attestation/index.ts';
import { openSigners } from '../../src/compose/keys.ts';
import { SURFACES } from '../../src/compose/surface.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { digestOf, SIGNER_NAMES } from '../../src/domain/index.ts';
import { HOUR } from '../../src/lib/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openGovernance, PERSONS } from '../support/governed-artifact.ts';
import { runHere } from './run-here.ts';

const START = '2026-11-23T09:00:00.000Z';
let database: TestDatabase;
let folder: string;
let variables: Record<string, string>;
let stolen: string;
let theft: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-keys-revoke-'));
  const file = join(folder, 'countersign.yaml');
  await writeFile(
    file,
    JSON.stringify({ data_dir: '.', people: PERSONS.map((person) => ({ ...person, name: person.id })) }),
  );
  variables = { COUNTERSIGN_CONFIG: file, DATABASE_URL: database.connectionString };
  const config = await loadConfig(file, serviceEnvironment(variables));
  for (const name of SIGNER_NAMES) await loadOrCreateSigner(join(config.keysDir, name), name, START);
  const signers = Object.fromEntries(await openSigners(config, SURFACES));
  const governance = openGovernance(database.db, START, signers);
  stolen = governance.context.workerSigner.keyId;
  await governance.govern({ modelId: 'fraud-detection', modelVersion: '1', artifact: digestOf('before') });
  governance.clock.advance(HOUR);
  theft = governance.clock.now();
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const revoke = (...more: readonly string[]) =>
  runHere(
    ['keys', 'revoke', stolen, '--from', theft, '--reason', 'laptop stolen', '--resign', ...more],
    variables,
  );
const resignatures = () => database.db.selectFrom('resignatures').select('key_id').execute();

describe('countersign keys revoke --resign', { timeout: 60_000 }, () => {
  it('only says what would fall with --dry-run', async () => {
    expect((await revoke('--dry-run')).stdout).toContain('would be revoked');
    expect(await resignatures()).toEqual([]);
  });

  it('revokes, gives a new key and signs again with it, in one', async () => {
    const { status, stdout, stderr } = await revoke();
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/is revoked from[\s\S]*has a new key[\s\S]*5 of 5 statements are signed again/),
    ]);
    expect(stderr).not.toContain('countersign keys resign');
    const keys = (await resignatures()).map(({ key_id }) => key_id);
    expect([keys.length, keys.includes(stolen)]).toEqual([5, false]);
  });

  it('tells machines both, and done again changes nothing', async () => {
    const { status, stdout } = await revoke('--json');
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { current: null, resigned: {} }]);
    expect(JSON.parse(stdout).resigned.statements).toHaveLength(5);
    expect(await resignatures()).toHaveLength(5);
  });
});
