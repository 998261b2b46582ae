import { type RawBuilder, sql } from 'kysely';
import { expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { LEDGER_TABLES } from '../../src/storage/ledger-catalogue/read.ts';
import { SURFACE_GRANTS } from '../../src/storage/surface-grants.ts';
import { BYTES, openWatched, type Watched } from '../services/watched.ts';
import { alertingIn, policyOf } from '../support/alerting.ts';
import type { Surface } from '../support/database.ts';
import { channelOf, openWatch } from './watch.ts';

const MODEL = 'fraud-detection@4.1.2' as const;
const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };

/** What may stand where something else should. */
const GARBAGE: Readonly<Record<string, readonly unknown[]>> = {
  jsonb: [{}, null, 'x', [{}], { roles: null, kind: 'muted', until: 'never', equivalents: 7 }],
  'timestamp with time zone': ['infinity', '99999-01-01', '9998-12-30'],
  bigint: ['9223372036854775807', '9007199254740991'],
  integer: [2147483647],
  text: ['', '\u202e{{}}"\\'],
};

const UPDATED = ['jsonb', 'bigint', 'integer'];

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isIdentity: boolean;
  /** Part of a key of text that names nothing elsewhere: a copy needs another. */
  readonly isOwnKey: boolean;
}

async function columnsOf({ database: { db } }: Watched, table: string): Promise<readonly Column[]> {
  const { rows } = await sql<Column>`
    select column_name as name, data_type as type, is_identity = 'YES' as "isIdentity",
      data_type = 'text' and exists (select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
        where i.indrelid = ${table}::regclass and i.indisunique and a.attname = column_name
          and not exists (select from pg_constraint f where f.conrelid = i.indrelid and f.contype = 'f' and a.attnum = any(f.conkey)))
        as "isOwnKey"
    from information_schema.columns where table_schema = current_schema() and table_name = ${table}`.execute(
    db,
  );
  return rows;
}

/** Writes garbage as a role into every table and column that it may write, beside good rows; what was taken, by table. */
async function spoil(watched: Watched, surface: Surface): Promise<Map<string, number>> {
  const taken = new Map<string, number>();
  const attempt = async (table: string, statement: RawBuilder<unknown>) => {
    const { numAffectedRows } = await statement
      .execute(watched.database.as(surface))
      .catch(() => ({ numAffectedRows: 0n }));
    if (numAffectedRows) taken.set(table, (taken.get(table) ?? 0) + Number(numAffectedRows));
  };
  const writes = Object.entries(SURFACE_GRANTS[`countersign_${surface}`]?.writes ?? {});
  for (const [table, verbs] of writes) {
    if (LEDGER_TABLES.some((signed) => signed === table)) continue;
    const columns = await columnsOf(watched, table);
    const copied = columns.filter(({ isIdentity }) => !isIdentity).map(({ name }) => sql.ref(name));
    for (const { name, type } of columns)
      for (const [at, garbage] of (GARBAGE[type] ?? []).entries()) {
        const keys = columns.filter(({ isOwnKey, name: key }) => isOwnKey && key !== name);
        const mark = `${surface} ${table} ${name} ${at}`;
        const patch = JSON.stringify({
          ...Object.fromEntries(keys.map((key) => [key.name, mark])),
          [name]: garbage,
        });
        if (verbs.includes('insert'))
          await attempt(
            table,
            sql`insert into ${sql.table(table)} (${sql.join(copied)}) select ${sql.join(copied)} from jsonb_populate_record(
              null::${sql.table(table)}, (select to_jsonb(good) from ${sql.table(table)} as good order by ctid desc limit 1) || ${patch}::jsonb)`,
          );
        // Of times an update would end most of what it meets.
        if (UPDATED.includes(type) && verbs.some((verb) => verb.startsWith('update')))
          await attempt(
            table,
            sql`update ${sql.table(table)} set ${sql.ref(name)} =
              (jsonb_populate_record(null::${sql.table(table)}, ${patch}::jsonb)).${sql.ref(name)}`,
          );
      }
  }
  return taken;
}

/** A row of each table that holds none yet, so that there is something to copy. */
const GOOD_ROWS = [
  `insert into overrides select 'good', 'good', 'a', '1', 'production', jsonb_build_object('kind', 'file', 'digest', subject),
    'sam', 'why', 'salt', null, '[]', '[]', false, recorded_at, recorded_at, recorded_at from ledger limit 1`,
  `insert into delegations select id, 'lea', 'cora', '["ml_lead"]', '2026-11-01Z', '2026-11-02Z', null, null, null, null
    from ledger limit 1`,
  `insert into deployment_reports select 'production', 'own', 'ci:build', 'one', 'a', '1', subject, 1, '2026-11-01Z',
    '2026-11-01Z', '2026-12-31Z' from ledger limit 1`,
  `insert into input_reports select distinct 'fraud-detection', '4.1.2', subject, 'ci:build', '{}'::jsonb, '{}'::jsonb, '2026-11-01Z'::timestamptz from ledger`,
  `insert into check_audits (check_name, version, audited_at, outcome, answers, gaps, right_cases)
    values ('model_card_schema_valid', '1', '2026-11-01Z', 'right', '[]', '[]', '[]')`,
  `insert into finding_events (finding, kind, detail, person, at) select id, 'muted',
    '{"kind": "muted", "until": "2026-11-23T09:00:30.000Z", "reason": "known"}', 'sam', '2026-11-01Z' from findings limit 1`,
  `insert into role_grants (person, role, group_id, held_from) values ('lea', 'ml_lead', 'S1', '2026-11-01Z')`,
  `insert into signed_head values (true, null, 'of the test', '2026-11-23Z')`,
  `insert into outbox (queue, name, payload, created_at, next_at, tries) values ('alerts', 'none', '{}', '2026-11-23Z', '2026-12-31Z', 0)`,
  `insert into suspensions (person, suspended_from, suspended_until) values ('nobody', '2026-11-01Z', '2026-11-02Z')`,
];

/** Tables of which each role writes what a tick reads: some garbage in each is taken by the database. */
const READ_BY_A_TICK: Readonly<Record<Surface, readonly string[]>> = {
  api: ['alert_deliveries', 'deployment_reports', 'finding_events', 'input_reports', 'outbox', 'runs'],
  queue: ['approval_requests', 'check_audits', 'outbox', 'runs'],
  bot: [
    'approval_decisions',
    'approval_requests',
    'delegations',
    'overrides',
    'role_grants',
    'runs',
    'suspensions',
  ],
  fetcher: ['outbox'],
  monitor: [],
};

it.each<[Surface, string[]]>([
  ['api', []],
  ['queue', ['duty_failing/end_requests', 'duty_failing/escalate_requests']],
  ['bot', ['duty_failing/end_requests', 'duty_failing/escalate_requests', 'duty_failing/read_overrides']],
  ['fetcher', []],
])(
  'whatever the role of %s writes, a swapped model is told and shown, and what cannot be read is told',
  async (surface, unread) => {
    await using watched = await openWatched();
    const { governance, place, database } = watched;
    await governance.govern({ ...NAME, artifact: BYTES });
    await governance.submit({ ...NAME, modelVersion: '5.0.0', artifact: digestOf('newer') });
    place.deploy('eu', MODEL);
    place.deploy('stray', 'stray@1', { digest: digestOf('stray') });
    const levels = [{ severity: 'critical', after: 1000, to: ['slack'], people: [] }] as const;
    const channel = channelOf(async () => null);
    const alerting = { ...alertingIn('C1', channel), policy: policyOf(['slack'], { levels }) };
    await using watch = openWatch({ ...watched.context, db: database.as('monitor') }, { alerting });
    await watch.monitor.tick();
    for (const row of GOOD_ROWS) await sql.raw(row).execute(database.db);

    const taken = await spoil(watched, surface);
    expect([...taken.keys()]).toEqual(expect.arrayContaining([...READ_BY_A_TICK[surface]]));
    for (let ticks = 0; ticks < 3; ticks += 1) {
      governance.clock.advance(30_000);
      await watch.monitor.tick().catch(() => undefined);
    }
    place.deploy('eu', MODEL, { digest: digestOf('swapped') });
    await watched.deliveries();
    governance.clock.advance(30_000);
    await watch.monitor.tick().catch(() => undefined);

    const firing = await watched.firing();
    const swapped = firing.find(({ finding }) => finding.deployment === 'list/production/eu');
    const why = JSON.stringify(watch.log.filter(({ level }) => level === 'error').slice(-3));
    expect(swapped?.finding.severity, why).toBe('critical');
    expect(await watched.deliveries(), why).toContain(swapped?.id);
    expect(
      firing.map(({ finding }) => finding.key),
      why,
    ).toEqual(expect.arrayContaining(unread));
    const series = Object.entries(await watch.series());
    const shown = (name: string) => series.filter(([key]) => key.startsWith(`${name}{`)).length;
    expect(shown('governance_finding_firing'), why).toBeGreaterThan(0);
    expect(shown('model_serving_active'), why).toBeGreaterThan(0);
  },
);

it('a duty that fails holds up none of the others, and hides nothing', async () => {
  await using watched = await openWatched();
  const { governance, place, database } = watched;
  await governance.govern({ ...NAME, artifact: BYTES });
  place.deploy('eu', MODEL);
  await using watch = openWatch(watched.context);
  await watch.monitor.tick();
  await sql`alter table asks rename to gone`.execute(database.db);
  place.deploy('eu', MODEL, { digest: digestOf('swapped') });
  for (let ticks = 0; ticks < 3; ticks += 1) {
    governance.clock.advance(30_000);
    await expect(watch.monitor.tick()).rejects.toThrow('duties of the tick failed: ');
  }
  expect(watch.log.flatMap(({ duty }) => duty ?? []).slice(-1)).toEqual(['escalate_requests']);
  const series = await watch.series();
  expect(series['governance_monitor_duty_failures_total{duty="escalate_requests"}']).toBe(3);
  expect(series['governance_monitor_duty_failures_total{duty="take_snapshot"}']).toBe(0);
  expect(series['governance_monitor_tick_failures_total']).toBe(3);
  expect(Object.keys(series).some((name) => name.startsWith('governance_model_hash{'))).toBe(true);
  expect(await watched.kinds(), 'for want of a table nobody wrote garbage').toEqual(['hash_mismatch']);
});
