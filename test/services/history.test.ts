import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, type Instant } from '../../src/domain/index.ts';
import { DAY, HOUR, later } from '../../src/lib/index.ts';
import { statusAt } from '../../src/services/index.ts';
import { BYTES, openWatched, type Watched } from './watched.ts';

const MODEL = 'fraud-detection@4.1.2' as const;
const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const SWAPPED = digestOf('swapped bytes');

let watched: Watched;
/** When each thing happened. */
const times: Record<string, Instant> = {};
const now = () => watched.governance.clock.now();

/** A deployment's life, with a tick after each step. */
beforeAll(async () => {
  watched = await openWatched();
  const { governance, place } = watched;
  const step = async (name: string, act: () => unknown) => {
    governance.clock.advance(HOUR);
    await act();
    await watched.tick();
    times[name] = now();
    governance.clock.advance(30_000);
    await watched.tick();
  };
  await step('unwatched', () => {});
  await step('early', () => place.deploy('eu', MODEL));
  await step('governed', () => governance.govern({ ...NAME, artifact: BYTES }));
  await step('swapped', () => place.deploy('eu', MODEL, { digest: SWAPPED }));
  await step('back', () => place.deploy('eu', MODEL));
  await step('lost', () => place.lose('no such file'));
  await step('seen', () => place.lose(null));
  await step('expired', () => governance.clock.advance(91 * DAY));
  await step('gone', () => place.undeploy('eu'));
}, 60_000);
afterAll(() => watched[Symbol.asyncDispose]());

const at = async (time: Instant | undefined, query: object = {}) =>
  (await statusAt(watched.context, { modelId: 'fraud-detection', at: time ?? '', ...query })).deployments;
const stood = async (time: Instant | undefined) =>
  (await at(time)).map(({ digest, verdict }) => [digest, verdict?.status]);

describe('what was deployed at a time', () => {
  it('is judged on what the ledger held by then, with ages as they were then', async () => {
    expect(await stood(times['early'])).toEqual([[BYTES, 'ungoverned']]);
    expect(await stood(times['governed'])).toEqual([[BYTES, 'governed']]);
    expect(await stood(times['swapped'])).toEqual([[SWAPPED, 'ungoverned']]);
    expect(await stood(times['back'])).toEqual([[BYTES, 'governed']]);
    expect(await stood(times['lost'])).toEqual([[BYTES, 'governed']]);
    expect(await stood(times['expired'])).toEqual([[BYTES, 'expired']]);
    expect(await stood(times['gone'])).toEqual([]);
    const [{ verdict } = { verdict: null }] = await at(times['governed']);
    expect(verdict).toMatchObject({ judgedAt: times['governed'], allowed: true });
  });

  it('is kept on change only, each part with its beginning and end', async () => {
    const rows = await watched.database.db
      .selectFrom('deployment_history')
      .select(['digest', 'valid_from', 'valid_to'])
      .orderBy('id')
      .execute();
    expect(rows).toEqual([
      { digest: BYTES, valid_from: times['early'], valid_to: times['swapped'] },
      { digest: SWAPPED, valid_from: times['swapped'], valid_to: times['back'] },
      { digest: BYTES, valid_from: times['back'], valid_to: times['gone'] },
    ]);
    expect(await at(times['back'])).toMatchObject([{ validFrom: times['back'], validTo: times['gone'] }]);
  });

  it('is of one version, of no other model, and of no time to come', async () => {
    expect(await at(times['governed'], { modelVersion: '4.1.2' })).toHaveLength(1);
    expect(await at(times['governed'], { modelVersion: '4.2.0' })).toEqual([]);
    expect(await at(times['governed'], { modelId: 'another' })).toEqual([]);
    await expect(at(later(now(), 1))).rejects.toThrow('yet to come');
    const before = await statusAt(watched.context, { ...NAME, at: times['unwatched'] ?? '' });
    expect(before).toMatchObject({ deployments: [], knownSince: times['early'] });
  });

  it('is not known better after a clock was set back', async () => {
    watched.place.deploy('us', MODEL);
    await watched.tick();
    watched.governance.clock.advance(-HOUR);
    watched.place.undeploy('us');
    await watched.tick();
    const rows = await watched.database.db
      .selectFrom('deployment_history')
      .select(['valid_from', 'valid_to'])
      .where('key', '=', 'list/production/us')
      .execute();
    expect(rows.map(({ valid_from, valid_to }) => valid_from === valid_to)).toEqual([true]);
  });
});
