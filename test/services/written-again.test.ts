import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, type Finding } from '../../src/domain/index.ts';
import { grantSurfaces, ledgerTables } from '../../src/storage/index.ts';
import { administer, openWatched, type Watched } from './watched.ts';

let watched: Watched;
beforeEach(async () => {
  watched = await openWatched();
  await govern('4.1.2');
  await watched.tick();
  expect(await watched.kinds()).toEqual([]);
});
afterEach(() => watched[Symbol.asyncDispose]());

const govern = (modelVersion: string) =>
  watched.governance.govern({ modelId: 'fraud-detection', modelVersion, artifact: digestOf(modelVersion) });

/** What fires after the next tick. */
async function found(): Promise<Finding[]> {
  await watched.tick();
  return (await watched.firing()).map(({ finding }) => finding);
}

/** Leaves what a restore from a dump does: all rows as they were, in a table that was made anew. */
async function restore(...further: readonly string[]): Promise<void> {
  const { db } = watched.database;
  const { rows } = await sql<{ again: string }>`
    select format('alter table %s drop constraint %I, add %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as again
    from pg_constraint where contype = 'f' and confrelid = 'ledger'::regclass`.execute(db);
  await administer(
    db,
    'alter table ledger rename to before',
    'create table ledger (like before including all)',
    'insert into ledger select * from before order by index',
    ...further,
    ...rows.map(({ again }) => again.replace('before', 'ledger')),
    'drop table before',
    `create trigger ledger_append_only before update or delete or truncate on ledger
      for each statement execute function refuse_change()`,
    `create trigger ledger_in_order before insert on ledger
      for each row execute function refuse_backdating()`,
  );
  await grantSurfaces(db);
}
/** What whoever looked does. */
const forgetRows = () => watched.context.ledgerWatch.copy.write('rows', Buffer.alloc(0));
const MOVED = /it is in other tables than at the last good tick/;
const REWRITTEN = /at entry 3 \(\w+\): the entry was written again since it was recorded/;
const hide = `update ledger set subject = '${digestOf('elsewhere')}' where index = 3`;
const show = `update ledger set subject = '${digestOf('4.1.2')}' where index = 3`;

describe('an administrator who puts back what he changed before the next tick', () => {
  it.each([
    ['by an update', [hide, show]],
    [
      'by removing the row and inserting it again',
      [
        'create table kept as select * from ledger where index = 3',
        'delete from ledger where index = 3',
        'insert into ledger select * from kept',
      ],
    ],
  ])('is found out %s, by the index of the entry', async (_how, edits) => {
    const { db } = watched.database;
    const { rows } = await sql`select * from ledger order by index`.execute(db);
    await administer(db, ...edits, 'update ledger set bundle = bundle where index = 4');
    expect((await sql`select * from ledger order by index`.execute(db)).rows).toEqual(rows);
    const [finding, ...others] = await found();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind: 'ledger_tampered', severity: 'critical', entry: { index: 3 } });
    expect(finding?.summary).toMatch(REWRITTEN);
  });

  it('is not forgotten at the ticks after, until somebody who looked takes the rows as they stand', async () => {
    await administer(watched.database.db, hide, show);
    expect(await found()).toHaveLength(1);
    await govern('4.1.3');
    expect(await found()).toMatchObject([{ summary: expect.stringMatching(REWRITTEN) }]);
    await forgetRows();
    expect(await found()).toEqual([]);
  });
});

describe('a ledger that is kept as databases are', () => {
  it.each(['vacuum full ledger', 'vacuum freeze ledger', 'reindex table ledger', 'analyze ledger'])(
    'is as it was after: %s',
    async (care) => {
      const { db } = watched.database;
      await sql.raw(care).execute(db);
      await sql`select 1 from ledger for update`.execute(db);
      expect(await found()).toEqual([]);
      await administer(db, hide, show);
      expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 3 } }]);
    },
  );

  it('is asked about where it was restored from a dump, until the file of rows is removed', async () => {
    await restore();
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', summary: expect.stringMatching(MOVED) }]);
    expect(await found()).toHaveLength(1);
    await forgetRows();
    expect(await found()).toEqual([]);
    await administer(watched.database.db, hide, show);
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 3 } }]);
  });

  it('is no other by grants, new columns, or VACUUM of the catalogue', async () => {
    const { db } = watched.database;
    const before = await ledgerTables(db);
    await grantSurfaces(db);
    for (const care of ['vacuum full ledger', 'vacuum full pg_type', 'vacuum freeze pg_type'])
      await sql.raw(care).execute(db);
    await administer(db, 'alter table ledger add column later text');
    expect(await ledgerTables(db)).toBe(before);
    expect(await found()).toEqual([]);
  });

  it('hides nothing by a restore of rows that say something else', async () => {
    await restore(hide);
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 3 } }]);
  });

  it('is told apart by cluster, database and tables, which the role of the monitor can read', async () => {
    const { db } = watched.database;
    const before = await ledgerTables(watched.database.as('monitor'));
    expect(before).toMatch(/^\d{10,}\/\d+(\/\d+\.\d+){4}$/);
    await restore();
    expect(await ledgerTables(db)).not.toBe(before);
  });
});

describe('an administrator who puts another table before readers', () => {
  it('is found out though the old one stands in its place again', async () => {
    const { db } = watched.database;
    await administer(
      db,
      'alter table resignatures rename to kept',
      'create table resignatures as select * from kept limit 0',
      'drop table resignatures',
      'alter table kept rename to resignatures',
    );
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', summary: expect.stringMatching(MOVED) }]);
  });

  it('is found out though the monitor may no longer ask which cluster it is', async () => {
    const { db } = watched.database;
    await administer(db, hide, show, 'revoke execute on function pg_control_system() from public');
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', summary: expect.stringMatching(MOVED) }]);
    await administer(db, 'grant execute on function pg_control_system() to public');
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 3 } }]);
  });

  it('is found out by who wrote a row where the cluster could never be asked for', async () => {
    const { db } = watched.database;
    await administer(db, 'revoke execute on function pg_control_system() from public');
    await forgetRows();
    expect(await found()).toEqual([]);
    await administer(db, hide, show);
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 3 } }]);
  });
});
