import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  nodesInTiles,
  openCheckpoint,
  proveConsistency,
  proveInclusion,
  provesConsistency,
  RecordPackage,
  readLeaf,
  tilePath,
} from '../../src/attestation/index.ts';
import { digestOf, ledgerSigners } from '../../src/domain/index.ts';
import { type OpenApi, openApi, problemOf, requestOf } from './open-api.ts';

let open: OpenApi;
const get = (path: string) => open.api.fetch(requestOf(path));
const govern = (modelVersion: string) =>
  open.governance.govern({ modelId: 'fraud-detection', modelVersion, artifact: digestOf(modelVersion) });

beforeAll(async () => {
  open = await openApi();
  await govern('4.1.2');
});
afterAll(() => open[Symbol.asyncDispose]());

/** Reads the log as anybody may who has the address and the ledger's public key. */
async function readLog() {
  const answer = await get('/checkpoint');
  const note = await answer.text();
  const opened = openCheckpoint(note, ledgerSigners(open.governance.trust.policy, []));
  if (!opened.ok) throw new Error(opened.message);
  const { checkpoint } = opened;
  const nodes = nodesInTiles(checkpoint.treeSize, async (tile) => {
    const bytes = await get(`/${tilePath(tile)}`);
    expect(bytes.status).toBe(200);
    return Buffer.from(await bytes.arrayBuffer());
  });
  return { answer, checkpoint, nodes };
}

describe('the log', () => {
  it('has a checkpoint that is not to be cached, and tiles that are for ever', async () => {
    const { answer, checkpoint } = await readLog();
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; *charset=utf-8$/i);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(checkpoint).toMatchObject({ origin: 'test/ledger', treeSize: 7 });
    const tile = await get('/tile/0/000.p/7');
    expect(tile.headers.get('content-type')).toBe('application/octet-stream');
    expect(tile.headers.get('cache-control')).toContain('immutable');
    expect((await tile.arrayBuffer()).byteLength).toBe(7 * 32);
  });

  it('proves what a record says of its place, to whoever has only tiles and key', async () => {
    const exported = await open.ask('/api/v1/records/fraud-detection/4.1.2');
    const record = RecordPackage.parse(await exported.json());
    const { checkpoint, nodes } = await readLog();
    expect(record.inclusion).toHaveLength(7);
    for (const [index, proof] of record.inclusion.entries())
      expect(await proveInclusion(index, checkpoint.treeSize, nodes)).toEqual(proof);
  });

  it('serves what its leaves are made of', async () => {
    const bundle = Buffer.from(await (await get('/tile/entries/000.p/7')).arrayBuffer());
    const entries = [];
    for (let at = 0; at < bundle.length; at += 2 + bundle.readUInt16BE(at))
      entries.push(readLeaf(bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at))));
    const { rows } = await sql<{ id: string }>`select id from ledger order by index`.execute(
      open.database.db,
    );
    expect(entries.map((entry) => entry?.id)).toEqual(rows.map(({ id }) => id));
  });

  it('grows from each of its checkpoints', async () => {
    const before = await readLog();
    await govern('4.1.3');
    const after = await readLog();
    const proof = await proveConsistency(before.checkpoint.treeSize, after.checkpoint.treeSize, after.nodes);
    expect(after.checkpoint.treeSize).toBe(14);
    expect(provesConsistency(before.checkpoint, after.checkpoint, proof)).toBe(true);
  });

  it.each([
    '/tile/0/000',
    '/tile/0/000.p/200',
    '/tile/1/000.p/1',
    '/tile/0/001.p/1',
    '/tile/entries/000.p/0',
    '/tile/0/0',
    '/tile/0/%2e%2e/000',
    '/tile/',
  ])('has no %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect((await problemOf(answer)).code).toBe('not_found');
  });
});

describe('a database that was rolled back', () => {
  it('gets no signature, neither on a checkpoint nor on a record', async () => {
    const { db } = open.database;
    await readLog();
    await sql`alter table ledger_nodes disable trigger user`.execute(db);
    await sql`delete from ledger_nodes where level > 0 or index >= 6`.execute(db);
    await sql`update ledger_state set size = 4, range = (select jsonb_build_array(hash) from ledger_nodes limit 1)`.execute(
      db,
    );
    for (const path of ['/checkpoint', '/api/v1/records/fraud-detection/4.1.2']) {
      const problem = await problemOf(await open.ask(path));
      expect(problem).toMatchObject({ status: 500, code: 'integrity' });
    }
    const errors = open.log
      .filter(({ level }) => level === 'error')
      .map(({ fields }) => String(fields['error']));
    expect(errors).toEqual([
      expect.stringContaining('was rolled back or rewritten'),
      expect.stringContaining('was rolled back or rewritten'),
    ]);
  });
});
