import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSigners } from '../../src/compose/keys.ts';
import { SURFACES } from '../../src/compose/surface.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import { compiled } from '../support/compiled.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openGovernance, PERSONS } from '../support/governed-artifact.ts';
import { CLI } from './open-service.ts';
import { runHere } from './run-here.ts';

let database: TestDatabase;
let folder: string;
let variables: Record<string, string>;
/** What the tables hold that are put right, as the service wrote it. */
let right: string;

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
  right = await contents();
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const rebuild = (...args: readonly string[]) => runHere(['rebuild', ...args], variables);
const spoil = () =>
  database.db.updateTable('approval_decisions').set({ person: 'eve' }).where('person', '=', 'lea').execute();

/** Tables that a rebuild puts right, in its order; the tree of the ledger comes first. */
const MENDED = [
  'ledger_nodes',
  'stage_results',
  'records',
  'approval_requests',
  'approval_decisions',
] as const;

/** Alters a row of every table that is put right, as only an administrator can; tells what all of them hold then. */
async function spoilAll(): Promise<string> {
  await database.db.connection().execute(async (db) => {
    await sql`set session_replication_role = replica`.execute(db);
    await sql`update ledger_nodes set hash = repeat('0', 64) where level = 1 and index = 0`.execute(db);
    await sql`update stage_results set outcome = 'failed'`.execute(db);
    await sql`update records set risk_tier = 'minimal_risk'`.execute(db);
    await sql`update approval_requests set view_digest = 'other'`.execute(db);
    await sql`update approval_decisions set person = 'eve' where person = 'lea'`.execute(db);
    await sql`set session_replication_role = origin`.execute(db);
  });
  return contents();
}

async function contents(): Promise<string> {
  const rows = MENDED.map((name) =>
    sql`select to_jsonb(t)::text as row from ${sql.ref(name)} t order by 1`.execute(database.db),
  );
  return JSON.stringify((await Promise.all(rows)).map((result) => result.rows));
}

/** Kills a rebuild, which is a process of its own, when it waits for a table that another transaction has locked. */
async function killAt(table: string, mode: string): Promise<void> {
  await database.db.transaction().execute(async (tx) => {
    await sql`lock table ${sql.ref(table)} in ${sql.raw(mode)} mode`.execute(tx);
    const env = { PATH: process.env['PATH'] ?? '', ...compiled(), ...variables };
    const child = spawn(process.execPath, [CLI, 'rebuild'], { env, stdio: 'ignore' });
    const gone = once(child, 'exit');
    await expect.poll(() => waitingFor(table), { timeout: 30_000, interval: 20 }).toBe(true);
    child.kill('SIGKILL');
    expect(await gone).toEqual([null, 'SIGKILL']);
  });
}

async function waitingFor(table: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from pg_locks where not granted and relation = ${table}::regclass`.execute(
      database.db,
    );
  return rows.length > 0;
}

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

  it.each([
    ['before it has read anything', 'ledger', 'access exclusive'],
    ['with nothing put right', 'ledger_nodes', 'share row exclusive'],
    ['with some tables put right', 'records', 'share row exclusive'],
    ['with all but one put right', 'approval_decisions', 'share row exclusive'],
  ])(
    'has changed nothing when it is killed %s, and puts all right when it is run again',
    async (_when, table, mode) => {
      const spoilt = await spoilAll();
      await killAt(table, mode);
      expect(await contents()).toBe(spoilt);
      expect((await rebuild()).status).toBe(0);
      expect(await contents()).toBe(right);
      expect((await rebuild('--check')).stdout).toMatch(/^nothing differs/);
    },
  );

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
