import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { signStatement } from '../../src/attestation/index.ts';
import { openAppendMemory, readAppended } from '../../src/compose/append-memory.ts';
import { digestOf, type Finding, fileArtifact, type StatementId } from '../../src/domain/index.ts';
import { exportRecord } from '../../src/services/index.ts';
import { appendStatement, type Db, openDatabase } from '../../src/storage/index.ts';
import { administer, openWatched, type Watched } from './watched.ts';

const MODEL = { modelId: 'fraud-detection', modelVersion: '1', artifact: digestOf('bad') } as const;
const ledger = { origin: 'test/ledger' };

let watched: Watched;
let trustDir: string;
let remembered: Db;
beforeEach(async () => {
  trustDir = await mkdtemp(join(tmpdir(), 'countersign-appended-'));
  watched = await openWatched();
  const memory = await openAppendMemory({ trustDir, ledger }, ['bot']);
  remembered = openDatabase(watched.database.connectionString, { memory });
  Object.assign(watched.context.ledgerWatch, { appended: () => readAppended({ trustDir, ledger }) });
  await watched.governance.govern(MODEL);
  await watched.tick();
});
afterEach(async () => {
  await remembered.destroy();
  await watched[Symbol.asyncDispose]();
  await rm(trustDir, { recursive: true });
});

/** A signed statement on which no row beside the ledger rests. */
async function signedReport(name: string) {
  const { monitorSigner, clock } = watched.context;
  const artifact = digestOf(name);
  const view = digestOf(`view of ${name}`).slice('sha256:'.length) as StatementId;
  const body = { artifact, view, witnessedAt: clock.now() };
  return signStatement(monitorSigner, { kind: 'view-witness/v1', body }, fileArtifact(artifact));
}

async function append(db: Db, name: string) {
  const signed = await signedReport(name);
  return db.transaction().execute((tx) => appendStatement(tx, signed, watched.context.clock.now()));
}

interface Head {
  readonly size: number;
  readonly range: unknown;
}

async function head(): Promise<Head> {
  const { rows } = await sql<Head>`select size, range from ledger_state`.execute(watched.database.db);
  const [row] = rows;
  if (row === undefined) throw new Error('the ledger has no head');
  return row;
}

/** Takes out what was appended since, so that the database is in itself in order. */
async function rollBack({ size, range }: Head): Promise<void> {
  await administer(
    watched.database.db,
    `delete from ledger where index >= ${size}`,
    `delete from ledger_nodes where (index + 1) * (2 ^ level)::bigint > ${size}`,
    sql`update ledger_state set size = ${size}, range = ${JSON.stringify(range)}`,
  );
}

async function found(): Promise<Finding[]> {
  await watched.tick();
  return (await watched.firing()).map(({ finding }) => finding);
}

it('finds an entry that was taken out before anybody else saw it', async () => {
  const before = await head();
  const { index, id } = await append(remembered, 'no');
  await rollBack(before);
  const [finding, ...others] = await found();
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ kind: 'ledger_tampered', entry: { index, id } });
  expect(finding?.summary).toContain('it is not what was appended and committed there');
});

it('finds nothing of it where nobody outside the database remembers', async () => {
  const before = await head();
  await append(watched.database.db, 'no');
  await rollBack(before);
  expect(await found()).toEqual([]);
});

it('puts nothing in the place of what was taken out, and finds what another put there', async () => {
  const before = await head();
  const { index, id } = await append(remembered, 'no');
  await rollBack(before);
  await expect(append(remembered, 'yes')).rejects.toMatchObject({
    code: 'integrity',
    message: expect.stringContaining(`does not hold at ${index} the statement ${id}`),
  });
  await append(watched.database.db, 'yes');
  expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index, id } }]);
});

it('witnesses nothing while what was appended is gone', async () => {
  const { modelId, modelVersion, artifact } = MODEL;
  const before = await head();
  await append(remembered, 'no');
  await rollBack(before);
  await expect(
    exportRecord(watched.context, {
      modelId,
      modelVersion,
      artifact,
      environment: 'production',
    }),
  ).rejects.toMatchObject({
    code: 'integrity',
    message: expect.stringContaining('it is not what was appended and committed there'),
  });
});

it('remembers what was committed, the newest, and nothing that was not', async () => {
  const first = await append(remembered, 'one');
  const signed = await signedReport('two');
  const gone = remembered.transaction().execute(async (tx) => {
    await appendStatement(tx, signed, watched.context.clock.now());
    throw new Error('no');
  });
  await expect(gone).rejects.toThrow('no');
  expect(await readAppended({ trustDir, ledger })).toEqual([{ index: first.index, id: first.id }]);
  const second = await append(remembered, 'three');
  // What is there already keeps its place, and takes none from what is newer.
  await append(remembered, 'one');
  expect(await readAppended({ trustDir, ledger })).toEqual([{ index: second.index, id: second.id }]);
  expect(await found()).toEqual([]);
});

it('knows nothing of a ledger with another origin, and refuses a memory that is damaged', async () => {
  await append(remembered, 'one');
  const elsewhere = { trustDir, ledger: { ...ledger, origin: 'another/ledger' } };
  expect(await readAppended(elsewhere)).toEqual([]);
  const path = join(trustDir, 'approvals.appended.json');
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ origin: 'test/ledger' });
  await writeFile(path, 'junk');
  await expect(append(remembered, 'two')).rejects.toMatchObject({
    code: 'integrity',
    message: expect.stringContaining(`${path} does not say what was appended`),
  });
  const [finding] = await found();
  expect(finding?.summary).toContain(`${path} does not say what was appended`);
});

it('is kept by whoever signs what is appended, and by nobody else', async () => {
  const place = { trustDir, ledger };
  const nameOf = async (surfaces: Parameters<typeof openAppendMemory>[1]) =>
    (await openAppendMemory(place, surfaces))?.path.slice(trustDir.length + 1) ?? null;
  expect(await nameOf(['queue'])).toBe('worker.appended.json');
  expect(await nameOf(['monitor'])).toBe('monitor.appended.json');
  expect(await nameOf(['api', 'fetcher'])).toBeNull();
  expect(await nameOf(['api', 'queue', 'bot', 'monitor'])).toBe('worker.appended.json');
});
