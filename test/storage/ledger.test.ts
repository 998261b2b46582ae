import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  createSigningKey,
  leafHash,
  loadSigner,
  nodeHash,
  signStatement,
} from '../../src/attestation/index.ts';
import { digestOf, fileArtifact } from '../../src/domain/index.ts';
import { appendStatement, ledgerHead, statementsAbout } from '../../src/storage/index.ts';
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

describe('appendStatement', () => {
  it('numbers statements without gaps and keeps the RFC 6962 root', async () => {
    await using database = await createTestDatabase();
    const [first, second] = [await statement('a'), await statement('b')];
    for (const signed of [first, second]) {
      await database.db.transaction().execute((tx) => appendStatement(tx, signed, NOW));
    }
    const { treeSize, root } = await ledgerHead(database.db);
    expect(treeSize).toBe(2);
    const expected = nodeHash(leafHash(first.id), leafHash(second.id));
    expect(root).toBe(typeof expected === 'string' ? expected : Buffer.from(expected).toString('hex'));
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
    expect((await ledgerHead(database.db)).treeSize).toBe(40);
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
    expect((await statementsAbout(database.db, signed.subject)).statements).toEqual([]);
  });
});

describe('the ledger table', () => {
  it.each(['update ledger set kind = kind', 'delete from ledger', 'truncate ledger cascade'])(
    'refuses %s',
    async (change) => {
      await using database = await createTestDatabase();
      await database.db.transaction().execute(async (tx) => appendStatement(tx, await statement('a'), NOW));
      await expect(sql.raw(change).execute(database.db)).rejects.toThrow('the ledger is append-only');
    },
  );
});
