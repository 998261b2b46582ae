import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import {
  currentCheckpoint,
  doubtByFindings,
  doubtByMemory,
  type JudgeQuery,
  judgeArtifact,
} from '../../src/services/index.ts';
import { administer, hashTreeAnew, openWatched, type Watched } from './watched.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '1' } as const;
const MODEL = { ...NAME, artifact: digestOf('weights') } as const;
const QUERY: JudgeQuery = { artifact: MODEL.artifact, environment: 'production', name: NAME };
const FAILING = { ...MODEL, outcomes: { demographic_parity_within_threshold: 'failed' } } as const;

let watched: Watched;
let governed: number;
beforeEach(async () => {
  watched = await openWatched();
  await watched.governance.govern(MODEL);
  governed = await size();
  await watched.tick();
  await watched.governance.submit(FAILING);
});
afterEach(() => watched[Symbol.asyncDispose]());

async function size(): Promise<number> {
  return (await watched.database.db.selectFrom('ledger_state').select('size').executeTakeFirstOrThrow()).size;
}

/** The verdict as a surface gives it that doubts in some way. */
async function verdictOf(doubts: 'as the api' | 'as the bot') {
  const { context, database } = watched;
  const ledgerDoubt =
    doubts === 'as the api'
      ? doubtByMemory(database.as('api'), context.log.memory)
      : doubtByFindings(database.as('bot'));
  const { status, allowed, reasons } = await judgeArtifact({ ...context, ledgerDoubt }, QUERY);
  return { status, allowed, code: reasons[0]?.code };
}

/** Takes the failed run out, so that the database is in itself in order. */
async function takeOutFailure(): Promise<void> {
  const { db } = watched.database;
  await administer(
    db,
    `delete from ledger where index >= ${governed}`,
    `update ledger_state set size = ${governed}`,
  );
  await hashTreeAnew(db);
}

it('lets nothing pass by a ledger that lacks what was signed of it, before anybody found that out', async () => {
  await currentCheckpoint(watched.context);
  expect(await verdictOf('as the api')).toMatchObject({ status: 'failed' });
  await takeOutFailure();
  const doubted = { status: 'ungoverned', allowed: false, code: 'ledger_doubted' };
  expect(await verdictOf('as the api')).toEqual(doubted);
  // Nor by one that was written anew to the same size, or further.
  await watched.governance.submit({ ...MODEL, modelVersion: '2' });
  await watched.governance.submit({ ...MODEL, modelVersion: '3' });
  expect(await verdictOf('as the api')).toEqual(doubted);
});

it('lets nothing pass while the monitor says that it was tampered with', async () => {
  await watched.tick();
  await takeOutFailure();
  expect(await verdictOf('as the bot')).toMatchObject({ allowed: true });
  await watched.tick();
  expect(await watched.kinds()).toEqual(['ledger_tampered']);
  for (const surface of ['as the api', 'as the bot'] as const)
    expect(await verdictOf(surface)).toEqual({
      status: 'ungoverned',
      allowed: false,
      code: 'ledger_doubted',
    });
});

it('believes a ledger that grows while it is asked', async () => {
  for (const modelVersion of ['2', '3', '4']) {
    await watched.governance.submit({ ...MODEL, modelVersion });
    const [verdict] = await Promise.all([
      verdictOf('as the api'),
      currentCheckpoint(watched.context),
      watched.governance.submit({ ...MODEL, modelVersion: `${modelVersion}.1` }),
    ]);
    expect(verdict).toMatchObject({ status: 'failed', code: 'stage_not_passed' });
  }
});
