import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSigningKey, loadSigner, signStatement } from '../../src/attestation/index.ts';
import { digestOf, digestOfJson, type Inputs, type StatementId } from '../../src/domain/index.ts';
import { DAY, HOUR, later, MINUTE, SECOND } from '../../src/lib/index.ts';
import {
  confirmOverride,
  decideApproval,
  documentOverride,
  grantDelegation,
  grantOverride,
  lapseRequests,
  noticeOverDelegations,
  previewOverride,
  type RebuildOptions,
  rebuild,
  stopDelegation,
  withdrawDecision,
} from '../../src/services/index.ts';
import { renewUnasked } from '../../src/services/renew-unasked.ts';
import { currentCheckpoint } from '../../src/services/sign-checkpoint.ts';
import { type SignedTable, signedTables } from '../../src/storage/derived/tables.ts';
import { appendStatement, findApprovalRequestOfRun, saveInputReport } from '../../src/storage/index.ts';
import { type BotStory, openBotStory, SLACK_USERS, TEAM } from '../support/bot-story.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let story: BotStory;
let tables: SignedTable[];

type Difference = Parameters<RebuildOptions['onDifference']>[0];
type Refused = Parameters<RebuildOptions['onRefused']>[0];

async function run(options: Partial<RebuildOptions> = {}) {
  const differences: Difference[] = [];
  const refused: Refused[] = [];
  const ctx = { ...story.context, memory: story.context.log.memory };
  const rebuilt = await rebuild(ctx, {
    check: false,
    removeRefused: false,
    onProgress: () => {},
    onDifference: (difference) => void differences.push(difference),
    onRefused: (entry) => void refused.push(entry),
    ...options,
  });
  return { ...rebuilt, told: differences, refusals: refused };
}
const check = () => run({ check: true });

/** Does what only a superuser can: no trigger and no foreign key stands in the way. */
async function asAdministrator(...statements: readonly (RawBuilder<unknown> | string)[]): Promise<void> {
  await database.db.connection().execute(async (db) => {
    await sql`set session_replication_role = replica`.execute(db);
    for (const statement of statements)
      await (typeof statement === 'string' ? sql.raw(statement) : statement).execute(db);
    await sql`set session_replication_role = origin`.execute(db);
  });
}

const contentsOf = async (name: string) =>
  (
    await sql<{ row: string }>`select to_jsonb(t)::text as row from ${sql.ref(name)} t order by 1`.execute(
      database.db,
    )
  ).rows;

/** Every index and constraint of a table. */
const rulesOf = async (name: string) =>
  (
    await sql`select pg_get_indexdef(rule.indexrelid) as index, own.conname as name, pg_get_constraintdef(own.oid) as rule
      from pg_index rule left join pg_constraint own on own.conindid = rule.indexrelid
      where rule.indrelid = ${name}::regclass order by 1, 2`.execute(database.db)
  ).rows;

/** Remembers tables as they are; what it returns puts them back. */
async function remember(names: readonly string[]): Promise<() => Promise<void>> {
  const kept = await Promise.all(names.map(async (name) => [name, await contentsOf(name)] as const));
  return () =>
    asAdministrator(
      ...kept.flatMap(([name, rows]) => {
        const table = sql.ref(name);
        const text = `[${rows.map(({ row }) => row).join()}]`;
        return [
          sql`delete from ${table}`,
          sql`insert into ${table} select * from jsonb_populate_recordset(null::${table}, ${text}::jsonb)`,
        ];
      }),
    );
}

const account = (user: keyof typeof SLACK_USERS) => ({ team: TEAM, user: SLACK_USERS[user] });

async function submitted(modelId: string, modelVersion = '1.0.0', bytes = modelVersion, inputs: Inputs = {}) {
  story.advance(SECOND);
  const artifact = digestOf(`${modelId} ${bytes}`);
  const { id } = await story.submit({ modelId, modelVersion, artifact, inputs });
  const request = await findApprovalRequestOfRun(database.db, id);
  if (request === null) throw new Error(`nobody was asked about ${modelId}`);
  const answer = async (person: string, decision: 'approved' | 'rejected' = 'approved') => {
    story.advance(SECOND);
    const reason = decision === 'rejected' ? 'it is biased' : 'fine';
    const words = { view: request.viewDigest, reason, assurance: 'slack_click' } as const;
    const result = await decideApproval(story.context, { requestId: request.id, person, decision, ...words });
    if (!result.ok) throw new Error(result.refusal);
    return result.statement;
  };
  return { runId: id, request: request.id, answer };
}

/** Everything that can be said: approvals, rejection, withdrawals, supersession, lapse, delegations, overrides. */
async function tellAll(): Promise<void> {
  const approved = await submitted('approved');
  await approved.answer('lea');
  await approved.answer('cora');
  await (await submitted('rejected')).answer('cora', 'rejected');
  const wavering = await submitted('wavering');
  for (const person of ['lea', 'cora']) await wavering.answer(person);
  await withdrawDecision(story.context, { requestId: wavering.request, person: 'lea' });
  await wavering.answer('lia');
  const undone = await submitted('undone');
  for (const person of ['lea', 'cora']) await undone.answer(person);
  await withdrawDecision(story.context, { requestId: undone.request, person: 'cora' });
  await (await submitted('renewed', '1.0.0', 'old')).answer('lea');
  await submitted('renewed', '1.0.0', 'new');
  await delegations();
  await overrides();
  await submitted('forgotten');
  story.advance(8 * DAY);
  await lapseRequests(story.context);
  await noticeOverDelegations(story.context);
  await renewals();
}

async function renewals(): Promise<void> {
  const inputs = { code: digestOf('code'), data: digestOf('data'), config: digestOf('config') };
  const names = ['stable', 'steady'].map((modelId) => ({ modelId, modelVersion: '1.0.0' }));
  for (const { modelId } of names) {
    const { answer } = await submitted(modelId, '1.0.0', modelId, inputs);
    for (const person of ['lea', 'cora']) await answer(person);
  }
  story.advance(80 * DAY);
  const [pipeline] = story.context.trust.pipelines.keys();
  if (pipeline === undefined) throw new Error('no pipeline');
  for (const name of names) {
    const artifact = digestOf(`${name.modelId} ${name.modelId}`);
    const reporter = { subject: 'ci:build', person: 'sam' };
    const report = { ...name, artifact, reporter, digests: { ...inputs, pipeline } };
    await saveInputReport(database.db, { ...report, reportedAt: story.context.clock.now() });
    const { obstacles } = await renewUnasked(
      story.context,
      { artifact, environment: 'production', name },
      new Set(),
    );
    if (obstacles.length > 0) throw new Error(obstacles.join());
  }
}

async function delegations(): Promise<void> {
  const wish = { assurance: 'slack_command', reason: 'on leave' } as const;
  const until = () => later(story.context.clock.now(), 3 * DAY);
  await grantDelegation(story.context, { ...wish, delegator: 'cora', delegate: 'nora', until: until() });
  const lent = await submitted('lent');
  await lent.answer('lea');
  await lent.answer('nora');
  story.advance(SECOND);
  await grantDelegation(story.context, { ...wish, delegator: 'cora', delegate: 'otto', until: until() });
  story.advance(SECOND);
  await stopDelegation(story.context, { delegator: 'cora', assurance: 'slack_command' });
  story.advance(SECOND);
  await grantDelegation(story.context, { ...wish, delegator: 'lia', delegate: 'nora', until: until() });
}

async function overrides(): Promise<void> {
  for (const modelId of ['overridden', 'unconfirmed']) {
    await submitted(modelId);
    const name = { modelId, modelVersion: '1.0.0', environment: 'production' };
    const asked = { ...name, wish: modelId, person: 'otto', account: account('otto') };
    const { view } = await previewOverride(story.context, { ...asked });
    const words = { reason: 'An outage.', reference: 'INC-7', duration: HOUR };
    const granted = await grantOverride(story.context, {
      ...asked,
      ...words,
      view: view ?? digestOfJson(null),
    });
    if (!granted.ok) throw new Error(granted.refusal);
    const overrideId = granted.override.id;
    if (modelId === 'unconfirmed') continue;
    story.advance(MINUTE);
    await confirmOverride(story.context, { overrideId, person: 'olga', account: account('olga') });
    await documentOverride(story.context, { overrideId, person: 'otto', documentation: 'It was mended.' });
  }
}

beforeAll(async () => {
  database = await createTestDatabase();
  story = openBotStory(database.db, {
    override: 'second_person: true, max_hours: 8',
    renewal: 'tiers: [high_risk]',
  });
  const confirmedAt = new Date(Date.now() + 365 * DAY).toISOString();
  for (const user of Object.values(SLACK_USERS))
    await database.db
      .insertInto('slack_accounts')
      .values({ team: TEAM, user_id: user, bar: null, confirmed_at: confirmedAt })
      .execute();
  await tellAll();
  await currentCheckpoint(story.context);
  tables = await database.db.transaction().execute(signedTables);
}, 60_000);
afterAll(() => database.close());

const EQUAL = { refused: 0, unproved: 0, differences: 0, told: [], refusals: [] };

/** Another value of a column's type that the table's checks let pass. */
function otherValue(column: string, type: string): RawBuilder<unknown> {
  const own = sql.ref(column);
  if (column === 'decision') return sql`case ${own} when 'approved' then 'rejected' else 'approved' end`;
  if (type === 'text') return sql`coalesce(${own}, '') || 'x'`;
  if (type === 'jsonb') return sql`jsonb_build_array(${own})`;
  if (type.startsWith('timestamp')) return sql`coalesce(${own}, now()) + interval '1 second'`;
  return sql`${own} + 1`;
}

async function typesOf(name: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ column: string; type: string }>`select column_name as column, data_type as type
    from information_schema.columns where table_schema = 'countersign' and table_name = ${name}`.execute(
    database.db,
  );
  return new Map(rows.map(({ column, type }) => [column, type]));
}

describe('a rebuild', { timeout: 60_000 }, () => {
  it('finds what the service stored to be what the statements say', async () => {
    const { entries, ...rest } = await check();
    expect(rest).toEqual({ ...EQUAL, mended: false });
    expect(entries).toBeGreaterThan(50);
    for (const { name } of tables) expect([name, (await contentsOf(name)).length > 1]).toEqual([name, true]);
  });

  it.each([
    'stage_results',
    'records',
    'renewals',
    'approval_requests',
    'approval_decisions',
    'overrides',
    'delegations',
  ])('names every altered column of %s with its row, and puts it right', async (name) => {
    const table = tables.find((one) => one.name === name);
    if (table === undefined) throw new Error(`no table ${name}`);
    const [before, types] = [await contentsOf(name), await typesOf(name)];
    const columns = table.signed.filter((column) => column !== table.key);
    const set = columns.map(
      (column) => sql`${sql.ref(column)} = ${otherValue(column, types.get(column) ?? '')}`,
    );
    const key = sql.ref(table.key);
    await asAdministrator(
      sql`update ${sql.ref(name)} set ${sql.join(set)} where ${key} = (select min(${key}) from ${sql.ref(name)})`,
    );
    const found = await check();
    expect(found.told).toMatchObject([{ table: name, kind: 'altered' }]);
    expect(found.told[0]?.columns.map(({ column }) => column)).toEqual(columns.toSorted());
    expect(await run()).toMatchObject({ differences: 1, mended: true });
    expect(await contentsOf(name)).toEqual(before);
    expect(await check()).toMatchObject(EQUAL);
  });

  it.each([
    ['stage_results', ['run_id', 'stage']],
    ['records', ['run_id']],
    ['renewals', ['record', 'number']],
    ['approval_requests', ['run_id']],
    ['approval_decisions', ['request', 'person', 'on_behalf_of', 'withdrawal', 'withdrawn_at']],
    ['delegations', ['delegator', 'ended_by', 'ended_at']],
  ])(
    'gives all rows of %s back what no two can have, %j, after each got that of the next',
    async (name, columns) => {
      const before = [await contentsOf(name), await rulesOf(name)];
      const key = tables.find((one) => one.name === name)?.key ?? '';
      const swapped = columns.map((column) => `'${column}', next.${column}`).join();
      await asAdministrator(
        `create temporary table rotated as with numbered as (
          select *, row_number() over (order by ${key}) as place, count(*) over () as rows from ${name})
        select whole.* from numbered own join numbered next on next.place = own.place % own.rows + 1,
          jsonb_populate_record(null::${name}, to_jsonb(own) || jsonb_build_object(${swapped})) whole`,
        `delete from ${name}`,
        `insert into ${name} select * from rotated`,
        'drop table rotated',
      );
      expect((await check()).differences).toBeGreaterThan(1);
      expect(await run()).toMatchObject({ mended: true });
      expect([await contentsOf(name), await rulesOf(name)]).toEqual(before);
      expect(await check()).toMatchObject(EQUAL);
    },
  );

  it('brings every row back that is gone, but for what no statement holds', async () => {
    const before = new Map<string, unknown>();
    const signed = ({ name, signed: columns, key }: SignedTable) =>
      sql`select ${sql.join(columns.map((column) => sql.ref(column)))} from ${sql.ref(name)} order by ${sql.ref(key)}`
        .execute(database.db)
        .then(({ rows }) => rows);
    for (const table of tables) before.set(table.name, await signed(table));
    const tree = [await contentsOf('ledger_nodes'), await contentsOf('ledger_state')];
    const gone = [...tables.map(({ name }) => name), 'ledger_nodes', 'ledger_state'];
    const restore = await remember(tables.map(({ name }) => name));
    await asAdministrator(...gone.map((name) => `delete from ${name}`));
    expect(new Set((await check()).told.map(({ table, kind }) => `${table} ${kind}`))).toEqual(
      new Set(gone.map((name) => `${name} missing`)),
    );
    await run();
    for (const table of tables)
      expect([table.name, await signed(table)]).toEqual([table.name, before.get(table.name)]);
    expect([await contentsOf('ledger_nodes'), await contentsOf('ledger_state')]).toEqual(tree);
    const after = await check();
    expect([after.differences, after.unproved > 0]).toEqual([0, true]);
    expect(new Set(after.told.map(({ table, kind }) => `${table} ${kind}`))).toEqual(
      new Set(['stage_results unproved', 'approval_requests unproved']),
    );
    await restore();
    expect(await check()).toMatchObject(EQUAL);
  });

  it.each([
    ['a time that is none of an answer', "decided_at + interval '1 second'"],
    ['nothing, though it was decided', 'null'],
  ])('finds a request that was decided at %s', async (_what, value) => {
    const before = await contentsOf('approval_requests');
    await asAdministrator(
      `update approval_requests set decided_at = ${value} where model_id in ('approved', 'rejected')`,
    );
    const { told } = await run();
    expect(told.map(({ columns }) => columns.map(({ column }) => column))).toEqual([
      ['decided_at'],
      ['decided_at'],
    ]);
    expect(await contentsOf('approval_requests')).toEqual(before);
  });

  it('finds a request that was decided though too few answered', async () => {
    await asAdministrator("update approval_requests set decided_at = now() where model_id = 'forgotten'");
    expect((await run()).told).toMatchObject([{ columns: [{ column: 'decided_at', derived: null }] }]);
  });

  it('lets a request be decided by roles that the people map has forgotten since', async () => {
    const { directory } = openBotStory(database.db, { persons: [{ id: 'sam', roles: [] }] }).context;
    const ctx = { ...story.context, directory, memory: story.context.log.memory };
    const quiet = { onProgress: () => {}, onRefused: () => {}, onDifference: () => {} };
    expect(await rebuild(ctx, { ...quiet, check: true, removeRefused: false })).toMatchObject({
      differences: 0,
    });
  });

  it('removes rows of which nobody said anything, and those that hang on them', async () => {
    const forged = 'f'.repeat(64);
    const before = await contentsOf('approval_requests');
    await asAdministrator(
      `insert into approval_requests select (jsonb_populate_record(request, '{"id": "${forged}", "run_id": "none"}')).*
        from approval_requests request where model_id = 'forgotten'`,
      `insert into asks values ('${forged}', 'sla', 'lea', now(), null)`,
    );
    expect((await run()).told).toEqual([
      { table: 'approval_requests', row: forged, kind: 'extra', columns: [] },
    ]);
    expect(await contentsOf('approval_requests')).toEqual(before);
    expect((await contentsOf('asks')).join()).not.toContain(forged);
  });

  it('names words, reports and views that are not those of which the digest was signed, but for erased words', async () => {
    const names = ['stage_results', 'approval_requests', 'approval_decisions', 'overrides', 'delegations'];
    const restore = await remember(names);
    await asAdministrator(
      "update stage_results set results = jsonb_set(results, '{0,message}', '\"other\"')",
      `update approval_requests set view = jsonb_set(view, '{roles}', '[]') where model_id = 'forgotten'`,
      "update approval_decisions set reason = 'other' where person = 'cora'",
      "update approval_decisions set reason = null where person = 'lea'",
      "update overrides set reason = 'other', documentation = 'other'",
      'update delegations set reason = null',
    );
    const { told, unproved, differences } = await check();
    expect(differences).toBe(0);
    expect(unproved).toBe(told.length);
    expect(
      new Set(told.map(({ table, columns }) => `${table} ${columns.map(({ column }) => column)}`)),
    ).toEqual(
      new Set([
        'stage_results results',
        'approval_requests view',
        'approval_decisions reason',
        'overrides reason',
        'overrides documentation',
      ]),
    );
    await restore();
    expect(await check()).toMatchObject(EQUAL);
  });

  it.each([
    ["update ledger_nodes set hash = repeat('0', 64) where level = 1 and index = 2", 'ledger_nodes altered'],
    ['delete from ledger_nodes where level = 0 and index = 3', 'ledger_nodes missing'],
    ["insert into ledger_nodes values (0, 100000, repeat('0', 64))", 'ledger_nodes extra'],
    ["insert into ledger_nodes values (9, 0, repeat('0', 64))", 'ledger_nodes extra'],
    ['update ledger_state set size = size + 7', 'ledger_state altered'],
    ["update ledger_state set range = '[]'", 'ledger_state altered'],
  ])('puts the tree right after %s', async (attack, found) => {
    const before = [await contentsOf('ledger_nodes'), await contentsOf('ledger_state')];
    await asAdministrator(attack);
    expect((await run()).told.map(({ table, kind }) => `${table} ${kind}`)).toEqual([found]);
    expect([await contentsOf('ledger_nodes'), await contentsOf('ledger_state')]).toEqual(before);
    await expect(database.db.updateTable('ledger_nodes').set({ hash: '' }).execute()).rejects.toThrow(
      'append-only',
    );
  });

  it.each([
    [
      "update ledger set recorded_at = recorded_at - interval '1 hour' where index = 5",
      'are not those of the checkpoint',
    ],
    [
      "update ledger set recorded_at = 'infinity' where index = 5",
      'entry 5 of the ledger was recorded at "infinity"',
    ],
    [
      "update ledger set recorded_at = '4000-01-01 BC' where index = 5",
      'entry 5 of the ledger was recorded at',
    ],
    ['delete from ledger where index = 5', 'entry 5 of the ledger is missing'],
    ['delete from ledger where index = (select max(index) from ledger)', 'of the ledger is missing'],
  ])('derives nothing from entries that are not what was signed: %s', async (attack, why) => {
    const restore = await remember(['ledger']);
    await asAdministrator(attack);
    await expect(run()).rejects.toThrow(why);
    await restore();
    expect(await check()).toMatchObject(EQUAL);
  });
});

describe('an entry that does not count', { timeout: 60_000 }, () => {
  const forge = async (
    signer = loadSigner('approvals', createSigningKey().privateKey),
  ): Promise<StatementId> => {
    const { rows } = await sql<{ bundle: string }>`select bundle from ledger join approval_decisions decision
      on decision.statement = ledger.id where decision.decision = 'rejected'`.execute(database.db);
    const { payload } = JSON.parse(rows[0]?.bundle ?? '').dsseEnvelope;
    const { predicate } = JSON.parse(Buffer.from(payload, 'base64').toString());
    const body = { ...predicate, person: 'lea', decision: 'approved', decidedAt: story.context.clock.now() };
    const signed = await signStatement(signer, { kind: 'approval-decision/v1', body }, predicate.artifact);
    await database.db.transaction().execute((tx) => appendStatement(tx, signed, body.decidedAt));
    await asAdministrator(
      `insert into approval_decisions select (jsonb_populate_record(own, '{"statement": "${signed.id}", "person": "lea"}')).*
        from approval_decisions own where own.decision = 'rejected'`,
    );
    return signed.id;
  };

  it('is told, and its row is removed only on demand', async () => {
    const id = await forge();
    const found = await check();
    expect(found.refusals).toMatchObject([{ id, why: expect.stringContaining('the trust policy lacks') }]);
    expect(found.told).toMatchObject([{ table: 'approval_decisions', row: id, kind: 'extra' }]);
    expect(await run()).toMatchObject({ mended: false, refused: 1 });
    expect(await check()).toMatchObject({ differences: 1 });
    expect(await run({ removeRefused: true })).toMatchObject({ mended: true, differences: 1 });
    expect(await check()).toMatchObject({ differences: 0, refused: 1 });
  });

  it('by a key whose business it was not, or with a spoiled signature, is told too', async () => {
    const spoil = (text: string) => text.replace(/"sig":"(.{20})./, (_, kept) => `"sig":"${kept}_`);
    const { rows } = await sql<{ bundle: string }>`select bundle from ledger where index = 4`.execute(
      database.db,
    );
    const bundle = rows[0]?.bundle ?? '';
    await asAdministrator(sql`update ledger set bundle = ${spoil(bundle)} where index = 4`);
    const refusals = (await check()).refusals.filter(({ index }) => index === 4);
    expect(refusals).toHaveLength(1);
    await asAdministrator(sql`update ledger set bundle = ${bundle} where index = 4`);
  });
});

describe('a rebuild that does not end', { timeout: 60_000 }, () => {
  it('has changed nothing', async () => {
    await asAdministrator('delete from approval_decisions', "update records set model_id = 'other'");
    const before = await Promise.all(['approval_decisions', 'records'].map(contentsOf));
    const onDifference = ({ table, kind }: Difference) => {
      if (table === 'approval_decisions' && kind === 'missing') throw new Error('killed');
    };
    await expect(run({ removeRefused: true, onDifference })).rejects.toThrow('killed');
    expect(await Promise.all(['approval_decisions', 'records'].map(contentsOf))).toEqual(before);
    await run({ removeRefused: true });
    expect((await check()).differences).toBe(0);
  });
});
