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
import { type Db, findApprovalRequestOfRun, grantSurfaces, isMigrated } from '../../src/storage/index.ts';
import { ledgerClock } from '../../src/storage/migrations/0044-ledger-clock.ts';
import { createTestDatabase, SURFACES, type Surface, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

let database: TestDatabase;
let governance: Governance;
const roleOf = (surface: Surface): Db => database.as(surface);

beforeAll(async () => {
  database = await createTestDatabase();
  await ledgerClock.up(database.db);
  governance = openGovernance(database.db, new Date().toISOString());
  await governance.govern({
    modelId: 'fraud-detection',
    modelVersion: '4.1.2',
    artifact: digestOf('before'),
  });
});
afterAll(() => database.close());

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
    expect((await takeSnapshot(watching, lead)).findings).toEqual([]);
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

/** Who may write what, as the database tells it: by role, table and verb; then which rows. */
async function matrix(): Promise<string> {
  const { rows } = await sql<{ line: string }>`
    with granted as (
      select grantee, table_name, lower(privilege_type) as verb from information_schema.role_table_grants
        where table_schema = 'countersign' and grantee like 'countersign_%' and privilege_type <> 'SELECT'
      union all
      select grantee, table_name, 'update (' || string_agg(column_name, ', ' order by column_name) || ')'
        from information_schema.column_privileges c
        where table_schema = 'countersign' and grantee like 'countersign_%' and privilege_type = 'UPDATE'
          and not has_table_privilege(grantee, table_schema || '.' || table_name, 'update')
        group by grantee, table_name)
    select format('%s %s: %s', replace(grantee, 'countersign_', ''), table_name, string_agg(verb, ', ' order by verb)) as line
      from granted group by grantee, table_name
    union all
    select format('rows of %s for %s, %s: %s', tablename, lower(cmd), array_to_string(roles, ','), coalesce(with_check, qual))
      from pg_policies where schemaname = 'countersign'
    order by line`.execute(database.db);
  return `${rows.map(({ line }) => line).join('\n')}\n`;
}

describe('grants', () => {
  it('are these', async () => {
    await expect(await matrix()).toMatchFileSnapshot('golden/grants.txt');
  });

  it.each(SURFACES)('%s changes nothing of what its release was told by the operator', async (surface) => {
    await expect(attempt(surface, 'delete from kysely_migration')).rejects.toThrow(DENIED);
    await expect(attempt(surface, 'update trust_policies set version = 1')).rejects.toThrow(DENIED);
    await expect(attempt(surface, "update outbox set payload = '{}'")).rejects.toThrow(DENIED);
  });

  it('are made again without harm, and bind no owner', async () => {
    const before = await matrix();
    expect(await grantSurfaces(database.db)).toEqual(
      SURFACES.map((surface) => `countersign_${surface}`).sort(),
    );
    expect(await matrix()).toBe(before);
    const artifact = digestOf('after');
    await governance.govern({ modelId: 'fraud-detection', modelVersion: '5.0.1', artifact });
    const verdict = await judgeArtifact(governance.context, { artifact, environment: 'production' });
    expect(verdict.allowed).toBe(true);
  });
});
