import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { MINUTE } from '../../src/lib/index.ts';
import { createLead, headTrouble, reconcile, sayHead } from '../../src/services/index.ts';
import { headWord } from '../../src/storage/index.ts';
import { watchInMemory } from '../support/governed-artifact.ts';
import { newSigner } from '../support/ground.ts';
import { administer, hashTreeAnew, openWatched, type Watched } from './watched.ts';

let watched: Watched;
beforeEach(async () => {
  watched = await openWatched();
  await govern('4.1.2');
});
afterEach(() => watched[Symbol.asyncDispose]());

const govern = (modelVersion: string) =>
  watched.governance.govern({ modelId: 'fraud-detection', modelVersion, artifact: digestOf(modelVersion) });
const asApi = () => sayHead({ ...watched.context, db: watched.database.as('api') });
const note = async () => (await headWord(watched.database.db))?.note ?? '';
const put = (text: string) => watched.database.db.updateTable('signed_head').set({ note: text }).execute();

/** A monitor's tick while no api runs. */
async function tickAlone(context = watched.context): Promise<void> {
  const db = watched.database.as('monitor');
  const lead = createLead({ db });
  await reconcile({ ...context, db }, lead);
  await lead.release();
}

it('while the api is down, ticks go on by the own copy, nothing fires, and it is told after a while', async () => {
  expect(await headTrouble(watched.context)).toContain('nobody has signed it yet');
  expect(await asApi()).toBeNull();
  expect(await headTrouble(watched.context)).toBeNull();
  const { clock } = watched.governance;
  const since = clock.now();
  clock.advance(6 * MINUTE);
  await govern('4.1.3');
  await tickAlone();
  expect(await watched.kinds()).toEqual([]);
  expect((await watched.context.ledgerWatch.copy.read('checkpoint'))?.toString()).toMatch(
    /^test\/ledger\n14\n/,
  );
  expect(watched.context.ledgerWatch.signed).toMatch(/^test\/ledger\n7\n/);
  expect(await headTrouble(watched.context)).toBe(
    `nobody has signed it since ${since}: is the surface api running?`,
  );
});

it('a ledger that does not extend what its key signed last was tampered with, though nobody signs any more', async () => {
  await govern('4.1.3');
  await asApi();
  await administer(watched.database.db, 'delete from ledger where index >= 10');
  for (const table of [
    'approval_requests',
    'approval_decisions',
    'records',
    'stage_results',
    'statement_arrivals',
  ])
    await administer(watched.database.db, `truncate ${table} cascade`);
  await hashTreeAnew(watched.database.db);
  await tickAlone({ ...watched.context, ledgerWatch: watchInMemory() });
  const [row] = await watched.firing();
  expect(row?.finding.summary).toContain('does not extend the checkpoint of 14 entries that its key signed');
});

it('what others put there counts for nothing: it neither accuses the ledger nor is kept to be published', async () => {
  await asApi();
  const { origin } = watched.context.log;
  const head = { treeSize: 7, root: '0'.repeat(64) };
  const forged = await newSigner('ledger').signCheckpoint({ origin, ...head });
  const elsewhere = await watched.context.ledgerSigner.signCheckpoint({ origin: 'other/ledger', ...head });
  for (const text of [forged, elsewhere, 'nonsense', (await note()).replace('\n7\n', '\n8\n')]) {
    await put(text);
    await tickAlone();
    expect(await watched.kinds()).toEqual([]);
    expect(watched.context.ledgerWatch.signed).toBeNull();
    expect(await headTrouble(watched.context)).toMatch(/is by no key that the trust policy names/);
  }
});
