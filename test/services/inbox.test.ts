import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createInbox, isUnanswered } from '../../src/services/index.ts';
import { claimDueJobs, openDatabase } from '../../src/storage/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openGate } from '../support/gate.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.close();
});

const clock = { now: () => new Date().toISOString() };
const openInbox = () => createInbox({ db: database.db, clock, newId: randomUUID, arrivalKey: 'of the test' });
const click = (dedupeKey: string, word = 'approve') => ({ dedupeKey, payload: { type: 'decide', word } });

/** What is stored and has not been looked at here yet, each with its own job; in order. */
async function stored(): Promise<string[]> {
  const jobs = await database.db
    .transaction()
    .execute((tx) => claimDueJobs(tx, new Date().toISOString(), 1000));
  const ids = jobs.map(({ payload }) => payload['inboxId'] ?? '');
  expect(new Set(jobs.map(({ queue, name }) => `${queue} ${name}`))).toEqual(
    new Set(['answers answer-action']),
  );
  const rows = await database.db.selectFrom('inbox').select('dedupe_key').where('id', 'in', ids).execute();
  expect(rows).toHaveLength(jobs.length);
  return rows.map(({ dedupe_key }) => dedupe_key).sort();
}

it('stores many that arrive at once, and those that arrive twice once, each with the job that answers it', async () => {
  const [one, other] = [openInbox(), openInbox()];
  const keys = Array.from({ length: 500 }, (_, index) => `many ${String(index).padStart(3, '0')}`);
  await Promise.all([...keys, ...keys].map((key) => one.receive(click(key))));
  await Promise.all(keys.map((key) => other.receive(click(key))));
  expect(await stored()).toEqual(keys);
});

it('refuses alone what cannot be stored, and stores what arrived with it', async () => {
  const inbox = openInbox();
  const words = ['fine', 'fine', 'no text \0 for a database', 'fine'];
  const results = await Promise.allSettled(
    words.map((word, index) => inbox.receive(click(`poison ${index}`, word))),
  );
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await stored()).toEqual(['poison 0', 'poison 1', 'poison 3']);
});

it('says so where the database falls silent, and goes on with the next as soon as it speaks again', async () => {
  await using gate = openGate();
  const db = openDatabase(await gate.through(database.connectionString), {
    maxConnections: 2,
    patience: 1_500,
  });
  const inbox = createInbox({ db, clock, newId: randomUUID, arrivalKey: 'of the test' });
  await inbox.receive(click('silence 0'));
  await inbox.quiet();
  gate.mute();
  const sent = inbox.receive(click('silence 1'));
  await Promise.resolve();
  const results = await Promise.allSettled([sent, inbox.receive(click('silence 2'))]);
  const [first, behind] = results.map((result) => (result.status === 'rejected' ? result.reason : null));
  expect(isUnanswered(first)).toBe(true);
  // It was never sent, so it can be said that nothing is recorded of it.
  expect(behind).toMatchObject({ code: 'unavailable' });
  gate.unmute();
  await inbox.receive(click('silence 3'));
  expect(await stored()).toEqual(['silence 0', 'silence 3']);
  await db.destroy();
});

it('is quiet when nothing waits to be stored, and not before', async () => {
  const inbox = openInbox();
  await inbox.quiet();
  const order: string[] = [];
  const blocked = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const lock = database.db.transaction().execute(async (tx) => {
    await sql`lock table inbox in exclusive mode`.execute(tx);
    locked.resolve();
    await blocked.promise;
  });
  await locked.promise;
  const received = [1, 2, 3].map((index) =>
    inbox.receive(click(`quiet ${index}`)).then(() => order.push('stored')),
  );
  const quiet = inbox.quiet().then(() => order.push('quiet'));
  blocked.resolve();
  await Promise.all([...received, quiet, lock]);
  expect(order).toEqual(['stored', 'stored', 'stored', 'quiet']);
});
