import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestOf, type Finding } from '../../src/domain/index.ts';
import { exportRecord, judgeArtifact } from '../../src/services/index.ts';
import { grantSurfaces } from '../../src/storage/index.ts';
import { openWatched, type Watched } from './watched.ts';

const MODEL = { modelId: 'fraud-detection', modelVersion: '1' } as const;
const BAD = digestOf('bad');
let watched: Watched;
let governed = 0;

beforeAll(async () => {
  watched = await openWatched();
  const { governance, database } = watched;
  await governance.govern({ ...MODEL, artifact: BAD });
  governed = await count();
  await governance.submit({
    ...MODEL,
    artifact: BAD,
    outcomes: { demographic_parity_within_threshold: 'failed' },
  });
  await watched.tick();
  expect(await watched.kinds()).toEqual([]);
  await asOwner('create function swallow() returns trigger language plpgsql as $$ begin return null; end $$');
  await grantSurfaces(database.db);
});
afterAll(() => watched[Symbol.asyncDispose]());

async function asOwner(...statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(watched.database.db);
}

async function count(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ledger`.execute(
    watched.database.db,
  );
  return rows[0]?.n ?? 0;
}

async function found(): Promise<Finding[]> {
  await watched.tick();
  return (await watched.firing()).map(({ finding }) => finding);
}

async function gateAllows(): Promise<boolean> {
  const api = { ...watched.governance.context, db: watched.database.as('api') };
  return (await judgeArtifact(api, { artifact: BAD, environment: 'production' })).allowed;
}

it('finds a policy that hides a failed run from the gate alone, and witnesses nothing while it stands', async () => {
  expect(await gateAllows()).toBe(false);
  await asOwner(
    `create policy hide on ledger as restrictive for select to countersign_api using (index < ${governed})`,
  );
  expect(await gateAllows()).toBe(true);
  const [finding, ...others] = await found();
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ kind: 'ledger_tampered', severity: 'critical' });
  expect(finding?.summary).toContain('it has "policy hide on ledger: restricts, r, to countersign_api');
  const exported = exportRecord(watched.governance.context, { ...MODEL, environment: 'production' });
  await expect(exported).rejects.toThrow(/catalogue|ledger was tampered with/);
  await grantSurfaces(watched.database.db);
  expect(await found()).toEqual([]);
});

const REFERENCE = 'stage_results_statement_fkey';
it.each([
  [
    'a trigger that swallows what is appended',
    'create trigger a before insert on ledger_nodes for each row execute function swallow()',
    'it has "CREATE TRIGGER a BEFORE INSERT ON ledger_nodes',
    'drop trigger a on ledger_nodes',
  ],
  [
    'a trigger that does not fire',
    'alter table ledger disable trigger ledger_append_only',
    'it lacks "CREATE TRIGGER ledger_append_only',
    'alter table ledger enable trigger ledger_append_only',
  ],
  [
    'a rule',
    'create rule r as on update to ledger_state do instead nothing',
    'it has "rule r on ledger_state"',
    'drop rule r on ledger_state',
  ],
  [
    'an heir whose rows are read too',
    'create table heir () inherits (resignatures)',
    'it has "resignatures has also the rows of heir"',
    'drop table heir',
  ],
  [
    'rows that are limited for the ledger by nothing of ours',
    'alter table resignatures enable row level security',
    'it has "resignatures limits rows by policies"',
    'alter table resignatures disable row level security',
  ],
  [
    'a reference that was not checked when it was put back',
    `alter table stage_results drop constraint ${REFERENCE}, add constraint ${REFERENCE}
      foreign key (statement) references ledger (id) not valid`,
    'REFERENCES ledger(id) NOT VALID"; it lacks "stage_results: FOREIGN KEY (statement)',
    `alter table stage_results validate constraint ${REFERENCE}`,
  ],
  [
    'references that are no longer checked',
    'alter table stage_results disable trigger all',
    '"the check of stage_results_statement_fkey on stage_results is off"',
    'alter table stage_results enable trigger all',
  ],
])('finds %s, and no longer once it is gone', async (_what, harm, told, mend) => {
  await asOwner(harm);
  const [finding, ...others] = await found();
  expect(others).toEqual([]);
  expect(finding?.kind).toBe('ledger_tampered');
  expect(finding?.summary).toContain(told);
  await asOwner(mend);
  expect(await found()).toEqual([]);
});

it('finds another owner, and after that that there was one', async () => {
  await asOwner('alter table ledger_state owner to countersign_queue');
  expect((await found())[0]?.summary).toContain('it has "ledger_state belongs to countersign_queue"');
  await asOwner('alter table ledger_state owner to current_user');
  expect((await found())[0]?.summary).toContain('it is in other tables than at the last good tick');
});
