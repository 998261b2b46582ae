import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, SIGNS } from '../../src/domain/index.ts';
import {
  createLead,
  decideApproval,
  executeRun,
  exportRecord,
  judgeArtifact,
  noticeOverDelegations,
  reconcile,
  submitRun,
  takeSnapshot,
} from '../../src/services/index.ts';
import {
  type Db,
  findApprovalRequestOfRun,
  grantSurfaces,
  isMigrated,
  openDatabase,
} from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

const SURFACES = ['api', 'queue', 'bot', 'monitor', 'fetcher'] as const;
type Surface = (typeof SURFACES)[number];

let database: TestDatabase;
let governance: Governance;
const as = new Map<Surface, Db>();
const roleOf = (surface: Surface): Db => as.get(surface) ?? database.db;

beforeAll(async () => {
  database = await createTestDatabase();
  for (const surface of SURFACES) await openAs(surface);
  expect(await grantSurfaces(database.db)).toEqual(
    SURFACES.map((surface) => `countersign_${surface}`).sort(),
  );
  governance = openGovernance(database.db);
  await governance.govern({
    modelId: 'fraud-detection',
    modelVersion: '4.1.2',
    artifact: digestOf('before'),
  });
});
afterAll(async () => {
  for (const db of as.values()) await db.destroy();
  await database.close();
});

/** Roles belong to the server, not to the database; another test file may have made them at the same time. */
async function openAs(surface: Surface): Promise<void> {
  const role = `countersign_${surface}`;
  await sql`do ${sql.lit(`begin create role ${role}; exception when duplicate_object or unique_violation then null; end`)}`.execute(
    database.db,
  );
  const url = new URL(database.connectionString);
  const password = randomUUID();
  const user = `${role}_${randomUUID().slice(0, 8)}`;
  await sql.raw(`create role ${user} login password '${password}' in role ${role}`).execute(database.db);
  Object.assign(url, { username: user, password });
  as.set(surface, openDatabase(url.toString(), { maxConnections: 3 }));
}

const DENIED = /permission denied|row-level security|must be owner/;
const attempt = (surface: Surface, statement: string) => sql.raw(statement).execute(roleOf(surface));

describe('surfaces with a role each', () => {
  it('govern a model version together', async () => {
    const { context, pipeline } = governance;
    const given = <T>(surface: Surface, rest: T) => ({ ...rest, db: roleOf(surface) });
    const artifact = digestOf('weights');
    const name = { modelId: 'fraud-detection', modelVersion: '5.0.0' };
    const { run } = await submitRun(
      given('api', context),
      { ...name, artifact, pipeline: pipeline.digest, evidence: [], inputs: {}, authors: [], attempt: 'new' },
      { subject: 'ci:build', person: 'sam' },
    );
    await executeRun(given('queue', context), run.id);
    const request = await findApprovalRequestOfRun(roleOf('bot'), run.id);
    for (const person of ['lea', 'cora']) {
      const answer = await decideApproval(given('bot', context), {
        requestId: request?.id ?? '',
        person,
        decision: 'approved',
        view: request?.viewDigest ?? digestOf(''),
        reason: null,
        assurance: 'slack_click',
      });
      expect(answer.ok).toBe(true);
    }
    const verdict = await judgeArtifact(given('api', context), { artifact, environment: 'production' });
    expect(verdict.status).toBe('governed');
    const record = await exportRecord(given('api', context), { ...name, environment: 'production' });
    expect(record.inclusion.length).toBeGreaterThan(0);
    const watching = { ...given('monitor', context), sources: [] };
    const lead = createLead(watching);
    expect(await reconcile(watching, lead)).toMatchObject({ led: true });
    expect((await takeSnapshot(watching)).findings).toEqual([]);
    expect(await noticeOverDelegations(given('monitor', context))).toBe(0);
    await lead.release();
  });

  it.each(SURFACES)(
    '%s finds a database that is up to date, and cannot change its tables',
    async (surface) => {
      expect(await isMigrated(roleOf(surface))).toBe(true);
      await expect(attempt(surface, 'create table mine (a int)')).rejects.toThrow(DENIED);
      await expect(attempt(surface, 'drop table ledger_nodes')).rejects.toThrow(DENIED);
      await expect(attempt(surface, 'alter table ledger disable trigger all')).rejects.toThrow(DENIED);
      await expect(attempt(surface, 'alter table ledger disable row level security')).rejects.toThrow(DENIED);
      await expect(attempt(surface, 'set session_replication_role = replica')).rejects.toThrow(DENIED);
    },
  );

  it.each(SURFACES)('%s cannot change, delete or empty the ledger', async (surface) => {
    for (const table of ['ledger', 'ledger_nodes']) {
      await expect(attempt(surface, `update ${table} set index = index`)).rejects.toThrow(DENIED);
      await expect(attempt(surface, `delete from ${table}`)).rejects.toThrow(DENIED);
      await expect(attempt(surface, `truncate ${table} cascade`)).rejects.toThrow(DENIED);
    }
    await expect(attempt(surface, 'insert into resignatures select * from resignatures')).rejects.toThrow(
      DENIED,
    );
    await expect(attempt(surface, 'delete from ledger_state')).rejects.toThrow(DENIED);
  });

  const appending = (kind: string) =>
    `insert into ledger select 1000000, repeat('ab', 32), '${kind}', subject, key_id, bundle, recorded_at from ledger limit 1`;

  it.each(SIGNS.approvals)('the worker cannot append a %s', async (kind) => {
    await expect(attempt('queue', appending(kind))).rejects.toThrow(DENIED);
  });

  it.each(SIGNS.worker)('the bot cannot append a %s', async (kind) => {
    await expect(attempt('bot', appending(kind))).rejects.toThrow(DENIED);
  });

  it.each(['api', 'monitor'] as const)('%s appends nothing', async (surface) => {
    for (const kind of [...SIGNS.worker, ...SIGNS.approvals])
      await expect(attempt(surface, appending(kind))).rejects.toThrow(DENIED);
  });

  it.each([
    ['queue', 'approval_decisions'],
    ['queue', 'delegations'],
    ['queue', 'overrides'],
    ['queue', 'tokens'],
    ['queue', 'role_groups'],
    ['api', 'approval_decisions'],
    ['monitor', 'approval_decisions'],
    ['bot', 'stage_results'],
    ['bot', 'records'],
    ['api', 'stage_results'],
  ] as const)('%s cannot write %s', async (surface, table) => {
    const copy = `insert into ${table} select * from ${table}`;
    await expect(attempt(surface, copy)).rejects.toThrow(DENIED);
    await expect(attempt(surface, `delete from ${table}`)).rejects.toThrow(DENIED);
  });
});

describe('grants', () => {
  it('are made again without harm, and bind no owner', async () => {
    expect(await grantSurfaces(database.db)).toHaveLength(SURFACES.length);
    const artifact = digestOf('after');
    await governance.govern({ modelId: 'fraud-detection', modelVersion: '5.0.1', artifact });
    const verdict = await judgeArtifact(governance.context, { artifact, environment: 'production' });
    expect(verdict.allowed).toBe(true);
  });
});
