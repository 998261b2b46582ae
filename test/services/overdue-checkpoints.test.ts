import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf, type Finding } from '../../src/domain/index.ts';
import type { LogFolder } from '../../src/evidence/index.ts';
import { DAY, HOUR, later, MINUTE } from '../../src/lib/index.ts';
import {
  createLead,
  type Lead,
  publishCheckpoint,
  queueCheckpoint,
  reconcile,
  sayHead,
} from '../../src/services/index.ts';
import { watchInMemory } from '../support/governed-artifact.ts';
import { openWatched, type Watched } from './watched.ts';

let watched: Watched;
let context: Watched['context'];
let lead: Lead;
let folder: LogFolder;
/** The checkpoints that were announced. */
let posted: string[];

beforeEach(async () => {
  watched = await openWatched();
  folder = { ...watchInMemory().copy, path: 'the bucket' };
  posted = [];
  const channel = {
    name: '#ledger',
    post: async ({ note }: { note: string }) => {
      posted.push(note);
      return { channel: 'C', ts: `${posted.length}.0` };
    },
    find: async () => null,
  };
  context = {
    ...watched.context,
    db: watched.database.as('monitor'),
    ledgerWatch: { ...watchInMemory(), published: [folder] },
    checkpoints: { channel: channel as never, every: HOUR },
  };
  lead = createLead(context);
  await grow();
});
afterEach(async () => {
  await lead.release();
  await watched[Symbol.asyncDispose]();
});

let version = 0;
async function grow(): Promise<void> {
  const modelVersion = `${version++}`;
  await watched.governance.govern({ modelId: 'm', modelVersion, artifact: digestOf(modelVersion) });
}

const say = () => sayHead({ ...context, db: watched.database.as('api') });

async function size(): Promise<number> {
  return (await context.db.selectFrom('ledger_state').select('size').executeTakeFirstOrThrow()).size;
}

/** What fires after a tick that comes that many milliseconds later. */
async function found(after = 0): Promise<Finding[]> {
  watched.governance.clock.advance(after);
  await reconcile(context, lead);
  await queueCheckpoint(context);
  return (await watched.firing()).map(({ finding }) => finding);
}

async function publishAll(): Promise<void> {
  await say();
  await found();
  await publishCheckpoint(context, await size());
  expect(await found()).toEqual([]);
}

it('is found where a signed head is said again and again while the ledger grows', async () => {
  await publishAll();
  const frozen = await context.db.selectFrom('signed_head').select('note').executeTakeFirstOrThrow();
  await grow();
  const freeze = () =>
    watched.database
      .as('api')
      .updateTable('signed_head')
      .set({ ...frozen, said_at: context.clock.now() })
      .execute();
  await freeze();
  expect(await found()).toEqual([]);
  await freeze();
  const [finding, ...others] = await found(6 * MINUTE);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ kind: 'checkpoint_overdue', severity: 'warning' });
  expect(finding?.summary).toContain("of 14 entries is signed by the ledger's key up to 7 of them only");
  await say();
  expect(await found()).toEqual([]);
});

it('is published whatever somebody wrote of a larger ledger, and of a time to come', async () => {
  const { db } = watched.database;
  const note = 'nonsense';
  const queued_at = later(context.clock.now(), 365 * DAY);
  await db
    .insertInto('checkpoints')
    .values({ tree_size: 1e9, note, queued_at: '1970-01-01T00:00:00.000Z' })
    .execute();
  await db.insertInto('checkpoints').values({ tree_size: 3, note, queued_at }).execute();
  await publishAll();
  expect(posted).toHaveLength(1);
});

it('is not published where it is not signed, and that is found', async () => {
  await publishAll();
  await grow();
  await say();
  const forged = posted[0]?.replace('\n7\n', '\n14\n') ?? '';
  const row = { tree_size: await size(), note: forged, queued_at: context.clock.now() };
  await context.db.insertInto('checkpoints').values(row).execute();
  const before = (await folder.read('checkpoint'))?.toString();
  await expect(publishCheckpoint(context, row.tree_size)).rejects.toMatchObject({
    code: 'integrity',
    message: expect.stringContaining('the checkpoint of 14 entries is not published'),
  });
  expect((await folder.read('checkpoint'))?.toString()).toBe(before);
  expect(posted).toHaveLength(1);
  await found();
  const what = (await found(HOUR + 6 * MINUTE)).map(({ kind, summary }) => [kind, summary]);
  expect(what).toEqual([
    ['checkpoint_overdue', expect.stringContaining('of 14 entries is published in the bucket up to 7')],
    ['checkpoint_overdue', expect.stringContaining('of 14 entries is announced in #ledger up to 7')],
  ]);
});

it('is in time where it is signed and published as it should be, however long nothing happens', async () => {
  await publishAll();
  for (let days = 0; days < 3; days++) {
    expect(await found(DAY)).toEqual([]);
    await grow();
    expect(await found()).toEqual([]);
    await publishAll();
  }
  expect(posted).toHaveLength(4);
});
