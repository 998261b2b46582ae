import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf, type Finding } from '../../src/domain/index.ts';
import { DAY, HOUR, MINUTE } from '../../src/lib/index.ts';
import { administer, hashTreeAnew, openWatched, type Watched } from './watched.ts';

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

async function found(): Promise<Finding[]> {
  await watched.tick();
  return (await watched.firing()).map(({ finding }) => finding);
}

async function size(): Promise<number> {
  const { rows } = await sql<{ size: number }>`select size from ledger_state`.execute(watched.database.db);
  return rows[0]?.size ?? 0;
}

/** Appends another's statement, with a tree that is right, as of some time before or after now, in milliseconds. */
async function appendAsOf(offset: number): Promise<number> {
  const { db } = watched.database;
  const index = await size();
  const at = new Date(Date.parse(watched.governance.clock.now()) + offset).toISOString();
  await administer(
    db,
    sql`insert into ledger select ${index}, repeat('ab', 32), kind, subject, key_id, bundle, ${at}::timestamptz
      from ledger where index = 0`,
  );
  await hashTreeAnew(db);
  return index;
}

it('finds what was written as of a quiet time in which it was not there', async () => {
  watched.governance.clock.advance(2 * HOUR);
  await watched.tick();
  watched.governance.clock.advance(2 * MINUTE);
  // Later than whatever is there, and before the last look.
  const index = await appendAsOf(-HOUR);
  const [finding] = await found();
  expect(finding).toMatchObject({ kind: 'ledger_tampered', entry: { index } });
  expect(finding?.summary).toContain('and it was not there at');
});

it('believes what took its time from being signed to being seen', async () => {
  watched.governance.clock.advance(2 * HOUR);
  await watched.tick();
  await govern('4.1.3');
  watched.governance.clock.advance(4 * MINUTE);
  expect(await found()).toEqual([]);
});

it('finds what is recorded in the future, records nothing after it, and goes on where it was taken away as the manual says', async () => {
  watched.governance.clock.advance(HOUR);
  await govern('4.1.3');
  const index = await appendAsOf(400 * DAY);
  expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index } }]);
  await expect(govern('4.1.4')).rejects.toMatchObject({
    code: 'integrity',
    message: expect.stringContaining(`until entry ${index} is gone nothing can be recorded`),
  });

  const manual = await readFile('docs/operations.md', 'utf8');
  const [, remedy = ''] =
    /### An entry of a time that has not come[\s\S]*?```sql\n([\s\S]*?)```/.exec(manual) ?? [];
  await administer(watched.database.db, remedy.replaceAll('17', `${index}`));
  expect(await size()).toBe(index);
  await govern('4.1.5');
  expect(await size()).toBe(index + 7);
  expect(await found()).toEqual([]);
});
