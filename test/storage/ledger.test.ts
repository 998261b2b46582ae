import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  createSigningKey,
  emptyRange,
  growRange,
  type HashedNode,
  leafHash,
  loadSigner,
  rootOf,
  signStatement,
} from '../../src/attestation/index.ts';
import { digestOf, fileArtifact } from '../../src/domain/index.ts';
import { DAY, HOUR, later, MINUTE } from '../../src/lib/index.ts';
import type { Db } from '../../src/storage/index.ts';
import { appendStatement, ledgerHead, readEntries, statementsAbout } from '../../src/storage/index.ts';
import { ledgerTree } from '../../src/storage/migrations/0013-ledger-tree.ts';
import { ledgerClock } from '../../src/storage/migrations/0044-ledger-clock.ts';
import { createTestDatabase } from '../support/database.ts';

const NOW = '2026-11-23T09:00:00.000Z';
const signer = loadSigner('ledger', createSigningKey().privateKey);

async function statement(seed: string) {
  const artifact = fileArtifact(digestOf(seed));
  const body = {
    artifact: artifact.digest,
    statements: [],
    treeSize: 0,
    root: '0'.repeat(64),
    issuedAt: NOW,
    validUntil: NOW,
  };
  return signStatement(signer, { kind: 'ledger-view/v1', body }, artifact);
}

/** Of a kind that the worker's role may append. */
async function resultSigned() {
  const worker = loadSigner('worker', createSigningKey().privateKey);
  const artifact = fileArtifact(digestOf('weights'));
  const body = {
    ...{ runId: 'run', modelId: 'model', modelVersion: '1', artifact, stage: 'stage', checks: [] },
    ...{ pipeline: digestOf('p'), evidence: digestOf('e'), performedAt: NOW, outcome: 'passed' as const },
  };
  return signStatement(worker, { kind: 'stage-result/v1', body }, artifact);
}

function treeOf(leaves: readonly string[]) {
  let range = emptyRange();
  const nodes: HashedNode[] = [];
  for (const leaf of leaves) {
    const grown = growRange(range, leaf);
    range = grown.range;
    nodes.push(...grown.nodes);
  }
  nodes.sort((a, b) => a.level - b.level || a.index - b.index);
  return { root: rootOf(range), nodes };
}

const nodesOf = (db: Db) =>
  db.selectFrom('ledger_nodes').selectAll().orderBy('level').orderBy('index').execute();

describe('appendStatement', () => {
  it('numbers statements without gaps and keeps the RFC 6962 root', async () => {
    await using database = await createTestDatabase();
    const [first, second] = [await statement('a'), await statement('b')];
    for (const signed of [first, second]) {
      await database.db.transaction().execute((tx) => appendStatement(tx, signed, NOW));
    }
    const { treeSize, root } = await ledgerHead(database.db);
    expect(treeSize).toBe(2);
    const leaves = [first, second].map(({ id }) => leafHash({ id, keyId: signer.keyId, recordedAt: NOW }));
    expect(root).toBe(treeOf(leaves).root);
    const entries = await readEntries(database.db, 0, 2);
    expect(entries.map(leafHash)).toEqual(leaves);
    expect(await nodesOf(database.db)).toEqual(treeOf(leaves).nodes);
  });

  it('keeps one place for a statement that is appended again', async () => {
    await using database = await createTestDatabase();
    const signed = await statement('a');
    const append = () => database.db.transaction().execute((tx) => appendStatement(tx, signed, NOW));
    expect(await append()).toEqual(await append());
    expect((await ledgerHead(database.db)).treeSize).toBe(1);
  });

  it('has no gap, fork or loss when forty appends come at once', async () => {
    await using database = await createTestDatabase();
    const all = await Promise.all(Array.from({ length: 40 }, (_, n) => statement(String(n))));
    await Promise.all(
      all.map((signed) => database.db.transaction().execute((tx) => appendStatement(tx, signed, NOW))),
    );
    const rows = await database.db.selectFrom('ledger').select(['index', 'id']).orderBy('index').execute();
    expect(rows.map(({ index }) => index)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(40);
    const head = await ledgerHead(database.db);
    expect(head.treeSize).toBe(40);
    const tree = treeOf((await readEntries(database.db, 0, 40)).map(leafHash));
    expect(head.root).toBe(tree.root);
    expect(await nodesOf(database.db)).toEqual(tree.nodes);
  });

  it('records nothing as earlier than what is there, and takes no clock that is more than a minute behind', async () => {
    await using database = await createTestDatabase();
    const append = async (seed: string, now: string) => {
      const signed = await statement(seed);
      return database.db.transaction().execute((tx) => appendStatement(tx, signed, now));
    };
    await append('a', NOW);
    expect((await append('b', later(NOW, -MINUTE))).recordedAt).toBe(NOW);
    await expect(append('c', later(NOW, -MINUTE - 1))).rejects.toThrow(
      'set the clocks of all machines by NTP',
    );
    expect((await append('c', later(NOW, MINUTE))).recordedAt).toBe(later(NOW, MINUTE));
  });

  it('takes nothing backdated from whoever goes round that either', async () => {
    await using database = await createTestDatabase();
    await database.db.transaction().execute(async (tx) => appendStatement(tx, await statement('a'), NOW));
    const backdated = (at: string) => `insert into countersign.ledger
      select index + 1, repeat('ab', 32), kind, subject, key_id, bundle, ${at} from countersign.ledger`;
    const worker = database.as('queue');
    await worker.connection().execute(async (db) => {
      await sql`create temp table ledger (index bigint, recorded_at timestamptz)`.execute(db);
      for (const at of ["recorded_at - interval '1 second'", "'-infinity'", "'infinity'"])
        await expect(sql.raw(backdated(at)).execute(db)).rejects.toThrow('the ledger takes nothing in');
    });
  });

  it('takes nothing from a surface as of another time than the database shows, though nothing was recorded since', async () => {
    await using database = await createTestDatabase();
    await ledgerClock.up(database.db);
    const signed = await resultSigned();
    await database.db.transaction().execute(async (tx) => appendStatement(tx, await statement('a'), NOW));
    const append = (db: Db, at: string) => db.transaction().execute((tx) => appendStatement(tx, signed, at));
    const real = new Date().toISOString();
    const worker = database.as('queue');
    for (const at of [
      later(NOW, HOUR),
      later(real, -6 * MINUTE),
      later(real, 2 * MINUTE),
      later(real, 400 * DAY),
    ])
      await expect(append(worker, at)).rejects.toThrow(
        expect.objectContaining({
          code: 'unavailable',
          message: expect.stringContaining('clock of the database'),
        }),
      );
    expect((await append(worker, real)).index).toBe(1);
  });

  it('leaves nothing behind when its transaction fails', async () => {
    await using database = await createTestDatabase();
    const signed = await statement('a');
    const failing = database.db.transaction().execute(async (tx) => {
      await appendStatement(tx, signed, NOW);
      throw new Error('killed');
    });
    await expect(failing).rejects.toThrow('killed');
    expect((await ledgerHead(database.db)).treeSize).toBe(0);
    expect((await statementsAbout(database.db, [signed.subject])).statements.size).toBe(0);
  });
});

describe('the migration of a ledger without a tree', () => {
  it('hashes what is there', async () => {
    await using database = await createTestDatabase();
    const { db } = database;
    for (const seed of ['a', 'b', 'c'])
      await db.transaction().execute(async (tx) => appendStatement(tx, await statement(seed), NOW));
    const [head, nodes] = [await ledgerHead(db), await nodesOf(db)];
    await sql`drop table ledger_nodes`.execute(db);
    await sql`update ledger_state set range = '["old"]'`.execute(db);
    await db.transaction().execute((tx) => ledgerTree.up(tx));
    expect(await ledgerHead(db)).toEqual(head);
    expect(await nodesOf(db)).toEqual(nodes);
  });
});

describe('the ledger tables', () => {
  it.each([
    'update ledger set kind = kind',
    'delete from ledger',
    'truncate ledger cascade',
    'update ledger_nodes set hash = hash',
    'delete from ledger_nodes',
    'truncate ledger_nodes',
  ])('refuses %s', async (change) => {
    await using database = await createTestDatabase();
    await database.db.transaction().execute(async (tx) => appendStatement(tx, await statement('a'), NOW));
    await expect(sql.raw(change).execute(database.db)).rejects.toThrow('the ledger is append-only');
  });
});
