import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSigners } from '../../src/compose/keys.ts';
import { SURFACES } from '../../src/compose/surface.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openGovernance, PERSONS } from '../support/governed-artifact.ts';
import { runHere } from './run-here.ts';

let database: TestDatabase;
let folder: string;
let variables: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'countersign-rebuild-'));
  const file = join(folder, 'countersign.yaml');
  await writeFile(
    file,
    JSON.stringify({ data_dir: '.', people: PERSONS.map((person) => ({ ...person, name: person.id })) }),
  );
  variables = { COUNTERSIGN_CONFIG: file, DATABASE_URL: database.connectionString };
  const config = await loadConfig(file, serviceEnvironment(variables));
  const signers = Object.fromEntries(await openSigners(config, SURFACES));
  const governance = openGovernance(database.db, undefined, signers);
  await governance.govern({ modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: digestOf('bytes') });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const rebuild = (...args: readonly string[]) => runHere(['rebuild', ...args], variables);
const spoil = () =>
  database.db.updateTable('approval_decisions').set({ person: 'eve' }).where('person', '=', 'lea').execute();

describe('countersign rebuild', { timeout: 60_000 }, () => {
  it('says that nothing differs, with 0', async () => {
    expect(await rebuild('--check')).toMatchObject({
      status: 0,
      stdout: 'nothing differs from what 7 statements of the ledger say\n',
    });
  });

  it('names table, row and column of what differs with 1, puts it right with 0', async () => {
    await spoil();
    const found = await rebuild('--check');
    expect(found.status).toBe(1);
    expect(found.stdout).toMatch(
      /^approval_decisions [0-9a-f]{64}: person is "eve", and "lea" by statement$/m,
    );
    expect(found.stdout).toContain("1 row not as the ledger's statements say");
    expect((await rebuild('--check')).status).toBe(1);
    expect(await rebuild()).toMatchObject({ status: 0, stdout: expect.stringContaining('1 row put right') });
    expect((await rebuild('--check')).status).toBe(0);
  });

  it('tells machines the same', async () => {
    await spoil();
    const { status, stdout } = await rebuild('--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ entries: 7, refused: 0, unproved: 0, differences: 1, mended: true },
      rows: [{ table: 'approval_decisions', columns: [{ column: 'person', stored: 'eve', derived: 'lea' }] }],
    });
  });
});
