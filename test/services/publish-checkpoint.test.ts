import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/attestation/index.ts';
import { digestOf, ledgerSigners } from '../../src/domain/index.ts';
import { openLogFolder, openS3LogFolder } from '../../src/evidence/index.ts';
import { HOUR, MINUTE } from '../../src/lib/index.ts';
import { createCheckpointChannel } from '../../src/notify/index.ts';
import {
  createLead,
  type Lead,
  publishCheckpoint,
  queueCheckpoint,
  reconcile,
  sayHead,
} from '../../src/services/index.ts';
import { openTestStore, startStore } from '../evidence/store.ts';
import { ALERTS, type ClientInWorkspace, openWorkspace } from '../notify/workspace.ts';
import { watchInMemory } from '../support/governed-artifact.ts';
import { openWatched, type Watched } from './watched.ts';

let watched: Watched;
let slack: ClientInWorkspace;
let folder: string;
let context: Watched['context'];
let lead: Lead;

beforeEach(async () => {
  [watched, slack] = await Promise.all([openWatched(['list'], new Date().toISOString()), openWorkspace()]);
  folder = await mkdtemp(join(tmpdir(), 'countersign-log-'));
  context = {
    ...watched.context,
    sources: [],
    ledgerWatch: { ...watchInMemory(), published: [openLogFolder(folder)] },
    checkpoints: { channel: createCheckpointChannel(slack.client, '#model-alerts'), every: HOUR },
  };
  lead = createLead(context);
  await govern('4.1.2');
});
afterEach(async () => {
  await lead.release();
  await watched[Symbol.asyncDispose]();
  await slack[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const govern = (modelVersion: string) =>
  watched.governance.govern({ modelId: 'fraud-detection', modelVersion, artifact: digestOf(modelVersion) });
const published = (file: string) => readFile(join(folder, file)).catch(() => null);

/** Sizes of the checkpoints that were queued so far. */
async function queued(): Promise<number[]> {
  const { rows } = await sql<{ size: string }>`select payload->>'treeSize' as size from outbox
    where queue = 'publishing' and name = 'publish-checkpoint' order by id`.execute(watched.database.db);
  return rows.map(({ size }) => Number(size));
}

async function tick(): Promise<void> {
  await sayHead(context);
  await reconcile(context, lead);
  await queueCheckpoint(context);
}

describe('a checkpoint', () => {
  it('goes to every folder and to the channel, once, however often that is tried', async () => {
    await tick();
    expect(await queued()).toEqual([7]);
    for (let tries = 0; tries < 2; tries++) await publishCheckpoint(context, 7);
    const note = (await published('checkpoint'))?.toString() ?? '';
    expect(openCheckpoint(note, ledgerSigners(context.trust.policy, []))).toMatchObject({
      ok: true,
      checkpoint: { origin: 'test/ledger', treeSize: 7 },
    });
    expect((await published('tile/0/000.p/7'))?.length).toBe(7 * 32);
    expect(await published('tile/entries/000.p/7')).not.toBeNull();
    const said = slack.slack.messages(ALERTS);
    expect(said).toHaveLength(1);
    expect(JSON.stringify(said[0]?.blocks)).toContain(JSON.stringify(note).slice(1, -1));
  });

  it('is published only when the ledger has grown, and not too often', async () => {
    await tick();
    await tick();
    await govern('4.1.3');
    await tick();
    expect(await queued()).toEqual([7]);
    watched.governance.clock.advance(59 * MINUTE);
    await tick();
    expect(await queued()).toEqual([7]);
    watched.governance.clock.advance(MINUTE);
    await tick();
    await tick();
    expect(await queued()).toEqual([7, 14]);
    watched.governance.clock.advance(HOUR);
    await tick();
    expect(await queued()).toEqual([7, 14]);
    for (const size of [14, 7]) await publishCheckpoint(context, size);
    expect((await published('checkpoint'))?.toString()).toContain('\n14\n');
  });

  it('in a folder that fails keeps it neither from the channel nor from another try', async () => {
    await tick();
    await writeFile(join(folder, 'tile'), 'in the way');
    await expect(publishCheckpoint(context, 7)).rejects.toThrow();
    expect(slack.slack.messages(ALERTS)).toHaveLength(1);
    await rm(join(folder, 'tile'));
    await publishCheckpoint(context, 7);
    expect(await published('checkpoint')).not.toBeNull();
    expect(slack.slack.messages(ALERTS)).toHaveLength(1);
  });

  it('goes to a bucket as well, and is read there as in a folder', async () => {
    await using store = await startStore('audit');
    const client = openTestStore(store);
    const bucket = openS3LogFolder('s3://audit/ledger/', client);
    const published = [openLogFolder(folder), bucket];
    context = { ...context, ledgerWatch: { ...context.ledgerWatch, published } };
    await tick();
    for (let tries = 0; tries < 2; tries++) await publishCheckpoint(context, 7);
    for (const name of ['checkpoint', 'tile/0/000.p/7', 'tile/entries/000.p/7'])
      expect(await bucket.read(name)).toEqual(await readFile(join(folder, name)));
    expect(await client.get({ bucket: 'audit', key: 'ledger/checkpoint' })).not.toBeNull();
    expect(await bucket.read('tile/9')).toBeNull();
    await tick();
    expect(await watched.firing()).toEqual([]);
  });

  it('that is published tells of a roll-back, though all else is lost, and is not written over', async () => {
    await tick();
    await publishCheckpoint(context, 7);
    const before = await published('checkpoint');
    await watched.database.db.connection().execute(async (db) => {
      await sql`set session_replication_role = replica`.execute(db);
      await sql`update ledger set recorded_at = recorded_at - interval '1 hour' where index = 4`.execute(db);
      await sql`drop table ledger_nodes`.execute(db);
      await sql`set session_replication_role = origin`.execute(db);
    });
    const { ledgerTree } = await import('../../src/storage/migrations/0013-ledger-tree.ts');
    await watched.database.db.transaction().execute((tx) => ledgerTree.up(tx));
    let newest: string | null = null;
    const memory = {
      read: async () => newest,
      write: async (note: string) => {
        newest = note;
      },
    };
    context = {
      ...context,
      log: { ...context.log, memory },
      ledgerWatch: { ...watchInMemory(), published: [openLogFolder(folder)] },
    };
    await tick();
    const [row] = await watched.firing();
    expect(row?.finding).toMatchObject({ kind: 'ledger_tampered', entry: { index: 4 } });
    await expect(publishCheckpoint(context, 7)).rejects.toMatchObject({ code: 'integrity' });
    expect(await published('checkpoint')).toEqual(before);
  });
});
