import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { type Db, saveInputReport } from '../../src/storage/index.ts';
import { LEDGER_TABLES } from '../../src/storage/ledger-catalogue/index.ts';
import { BYTES, openWatched, type Watched } from '../services/watched.ts';
import { alertingTo, policyOf } from '../support/alerting.ts';
import { openWatch } from './watch.ts';

const INPUTS = { code: digestOf('code'), data: digestOf('data'), config: digestOf('config') };
const DRY_RUN = {
  policy: {
    mode: 'dry_run',
    rules: [{ environments: ['production'], kinds: ['missing_record'] }],
    mostAtOnce: 1,
    mostPerHour: 1,
  },
  hook: null,
} as const;

/** Has Postgres note which connection writes to which table from now on. The ledger's tables have no triggers but its own. */
async function noteWriters(
  db: Db,
): Promise<() => Promise<{ readonly pids: number[]; readonly tables: string[] }>> {
  await sql`create table writers (pid integer, name text)`.execute(db);
  await sql`create function note_writer() returns trigger language plpgsql as
    'begin insert into writers values (pg_backend_pid(), tg_table_name); return null; end'`.execute(db);
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname <> 'writers'
      and relname <> all(${[...LEDGER_TABLES]}::text[])`.execute(db);
  for (const { name } of rows)
    await sql`create trigger noted after insert or update or delete on ${sql.ref(name)}
      for each row execute function note_writer()`.execute(db);
  return async () => {
    const { rows: written } = await sql<{
      pid: number;
      name: string;
    }>`select distinct pid, name from writers`.execute(db);
    return { pids: [...new Set(written.map(({ pid }) => pid))], tables: written.map(({ name }) => name) };
  };
}

async function leaderOf({ database: { db } }: Watched): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`select pid from pg_locks where locktype = 'advisory'
    and database = (select oid from pg_database where datname = current_database())`.execute(db);
  return rows.map(({ pid }) => pid);
}

it('all that a tick writes goes over the connection that the lead hangs on: whoever lost that writes nothing', async () => {
  await using watched = await openWatched();
  const { governance, place, context } = watched;
  const alerting = {
    ...alertingTo(),
    policy: policyOf(['somebody'], {
      levels: [{ severity: 'critical', after: 0, to: ['somebody'], people: [] }],
    }),
  };
  await using watch = openWatch(context, { alerting, enforcement: DRY_RUN });
  const name = { modelId: 'renewed', modelVersion: '1' };
  await governance.govern({ ...name, artifact: BYTES, tier: 'limited_risk', inputs: INPUTS });
  await governance.submit({ modelId: 'asked', modelVersion: '1', artifact: digestOf('asked') });
  place.deploy('renewed', 'renewed@1');
  await watch.monitor.tick();
  governance.clock.advance(80 * DAY);
  const digests = { ...INPUTS, pipeline: governance.pipeline.digest };
  const reporter = { subject: 'ci:build', person: 'sam' };
  await saveInputReport(context.db, {
    ...name,
    artifact: BYTES,
    reporter,
    digests,
    reportedAt: governance.clock.now(),
  });
  place.deploy('strange', 'strange@1', { digest: digestOf('strange') });
  const written = await noteWriters(context.db);
  expect(await watch.monitor.tick()).toMatchObject({ led: true, fired: 1 });
  const { pids, tables } = await written();
  expect(pids).toEqual(await leaderOf(watched));
  expect(tables).toEqual(
    expect.arrayContaining([
      'deployments',
      'deployment_history',
      'findings',
      'finding_events',
      'alert_deliveries',
      'enforcements',
      'renewals',
      'approval_requests',
      'runs',
      'outbox',
      'inventory_sources',
    ]),
  );
});
