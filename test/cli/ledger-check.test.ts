import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { openLogFolder } from '../../src/evidence/index.ts';
import { extendCopy } from '../../src/services/log-copy.ts';
import { ledgerHead } from '../../src/storage/index.ts';
import { openService, type Service, start } from './open-service.ts';
import { runHere } from './run-here.ts';

let service: Service;
let pasted: string;
const file = (name: string) => join(service.folder, name);
const check = (...args: readonly string[]) => runHere(['ledger', 'check', ...args], service.env);
const govern = (modelVersion: string) =>
  service.open.governance.govern({
    ...{ modelId: 'fraud-detection', modelVersion },
    artifact: digestOf(modelVersion),
  });

async function publish(name: string): Promise<string> {
  const note = await (await fetch(`${service.url}/checkpoint`)).text();
  await extendCopy(service.open.database.db, openLogFolder(file(name)), note);
  return note;
}

/** Does what only a superuser can, and makes the tree anew as one who rewrites history would. */
async function rewrite(change: string): Promise<void> {
  await service.open.database.db.connection().execute(async (db) => {
    await sql`set session_replication_role = replica`.execute(db);
    await sql.raw(change).execute(db);
    await sql`drop table ledger_nodes`.execute(db);
    await sql`set session_replication_role = origin`.execute(db);
  });
  const { ledgerTree } = await import('../../src/storage/migrations/0013-ledger-tree.ts');
  await service.open.database.db.transaction().execute((tx) => ledgerTree.up(tx));
}

/** What one can do who has the ledger's key as well: its head is signed, whatever was signed before. */
async function signAnyway(): Promise<void> {
  const { log, ledgerSigner } = service.open.governance.context;
  const head = await ledgerHead(service.open.database.db);
  await log.memory.write(await ledgerSigner.signCheckpoint({ origin: log.origin, ...head }));
}

beforeAll(async () => {
  service = await openService();
  await govern('4.1.2');
  pasted = await publish('log');
  await govern('4.1.3');
  await writeFile(file('pasted.txt'), `\`\`\`\r\n${pasted.trimEnd().replaceAll('\n', '\r\n')}\r\n\`\`\``);
  await writeFile(file('trust.json'), (await runHere(['trust-policy'], service.env)).stdout);
});
afterAll(() => service[Symbol.asyncDispose]());

describe('countersign ledger check', { timeout: 60_000 }, () => {
  it('is 0 for a ledger that grew from the checkpoint, however that was pasted, and says by how much', async () => {
    const { status, stdout } = await check(file('pasted.txt'));
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^consistent {2}test\/ledger\n/)]);
    expect(stdout).toContain('7 entries added since, and nothing before changed');
    const told = await check(file('log/checkpoint'), '--trust', file('trust.json'), '--json');
    expect(JSON.parse(told.stdout)).toMatchObject({
      ...{ consistent: true, added: 7, checkpoint: { treeSize: 7 }, ledger: { treeSize: 14 } },
      signer: { name: 'ledger' },
    });
  });

  it('reads what is piped in, and ends its process with its status', async () => {
    const running = start(['ledger', 'check', '-'], service.env, { stdin: pasted });
    expect(await running.ended).toMatchObject({ status: 0, stdout: expect.stringContaining('consistent') });
  });

  it('is 0 for a published copy too, without any server', async () => {
    await publish('later');
    const trusting = ['--folder', file('later'), '--trust', file('trust.json')];
    const { status, stdout } = await runHere(['ledger', 'check', file('pasted.txt'), ...trusting]);
    expect([status, stdout]).toEqual([0, expect.stringContaining('7 entries added since')]);
    const late = await check(file('later/checkpoint'), '--folder', file('log'));
    expect([late.status, late.stderr]).toEqual([2, expect.stringContaining('may only be behind')]);
  });

  it('is 1 for a checkpoint that the ledger did not sign', async () => {
    await writeFile(file('forged.txt'), pasted.replace('\n7\n', '\n8\n'));
    const { status, stdout } = await check(file('forged.txt'));
    expect([status, stdout]).toEqual([1, expect.stringContaining('a signature on it does not fit')]);
  });

  it('is 2 for what is no checkpoint, for the three lines without a signature, and for tiles that are gone', async () => {
    for (const text of ['hello', pasted.split('\n\n')[0] ?? '', '']) {
      await writeFile(file('none.txt'), text);
      const { status, stderr } = await check(file('none.txt'));
      expect([status, stderr]).toEqual([2, expect.stringContaining('it is no checkpoint')]);
    }
    await cp(file('later'), file('torn'), { recursive: true });
    await rm(file('torn/tile'), { recursive: true });
    const torn = await check(file('pasted.txt'), '--folder', file('torn'));
    expect([torn.status, torn.stderr]).toEqual([2, expect.stringContaining('torn/tile/0/000.p/14')]);
  });

  it('is 1 for a copy whose tiles were forged', async () => {
    await cp(file('later'), file('bad'), { recursive: true });
    const tile = file('bad/tile/0/000.p/14');
    const bytes = await readFile(tile);
    bytes[3 * 32] = 255 - (bytes[3 * 32] ?? 0);
    await writeFile(tile, bytes);
    const { status, stdout } = await check(file('pasted.txt'), '--folder', file('bad'));
    expect([status, stdout]).toEqual([1, expect.stringContaining('damaged, or were forged')]);
  });

  it('is 1 for a server that was rewritten: it signs nothing, and says so', async () => {
    await rewrite("update ledger set recorded_at = recorded_at - interval '1 hour' where index = 4");
    const { status, stdout } = await check(file('pasted.txt'));
    expect([status, stdout]).toEqual([1, expect.stringContaining('rolled back or rewritten')]);
  });

  it('names the entry where the key was made to sign the other history and the old tree is at hand', async () => {
    await signAnyway();
    await publish('rewritten');
    for (const where of [[], ['--folder', file('rewritten')]]) {
      const { status, stdout } = await check(file('log/checkpoint'), ...where, '--json');
      expect([status, JSON.parse(stdout)]).toEqual([
        1,
        expect.objectContaining({ consistent: false, fault: 'rewritten', firstEntry: 4 }),
      ]);
    }
    const blind = await check(file('pasted.txt'));
    expect([blind.status, blind.stdout]).toEqual([
      1,
      expect.stringContaining('only a copy of the tree tells'),
    ]);
  });

  it('is 1 for a ledger that lost its end', async () => {
    await rewrite('delete from ledger where index >= 3');
    await signAnyway();
    const { status, stdout } = await check(file('log/checkpoint'));
    expect([status, stdout]).toEqual([1, expect.stringContaining('fewer entries than were signed')]);
    expect(stdout).toContain('differs or is gone is 3');
  });
});
