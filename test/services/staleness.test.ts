import { describe, expect, it, vi } from 'vitest';
import type { InventorySource, Past, Sighting } from '../../src/inventory/index.ts';
import { MINUTE } from '../../src/lib/index.ts';
import { reconcile, takeSnapshot } from '../../src/services/index.ts';
import { listDeployments, sourceStates } from '../../src/storage/index.ts';
import { look } from '../inventory/look.ts';
import { BYTES, openWatched, type Watched } from './watched.ts';

const MODEL = 'fraud-detection@4.1.2' as const;
const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };

/** Ticks of a monitor that looks at one source. */
const ticker = (watched: Watched, source: InventorySource) => () =>
  reconcile({ ...watched.context, sources: [source] }, watched.lead);

/** Which deployments are known, and since when each is stale. */
const known = async (watched: Watched) =>
  (await listDeployments(watched.database.db)).map(({ deployment, staleSince, status }) => [
    deployment,
    staleSince,
    status,
  ]);

describe('deployments of a source that cannot be read', () => {
  it('are stale since the first look that failed, and fresh again once they are seen', async () => {
    await using watched = await openWatched();
    const { clock } = watched.governance;
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    expect(await known(watched)).toEqual([['eu', null, 'governed']]);
    clock.advance(MINUTE);
    watched.place.lose('no route');
    const lost = clock.now();
    await watched.tick();
    clock.advance(MINUTE);
    await watched.tick();
    expect(await known(watched)).toEqual([['eu', lost, 'governed']]);
    expect((await sourceStates(watched.database.db)).get('list')).toMatchObject({
      lookedAt: clock.now(),
      failingSince: lost,
      problem: 'cannot be read: no route',
      deployments: 1,
    });
    watched.place.lose(null);
    await watched.tick();
    expect(await known(watched)).toEqual([['eu', null, 'governed']]);
  });
});

describe('a source that shows only a part', () => {
  /** Everything but what starts with `us`, which fails with a page of its own. */
  const partial = (watched: Watched): InventorySource => ({
    ...watched.place,
    observe: async (): Promise<Sighting> => {
      const { observations } = await look(watched.place);
      const covers = ({ deployment }: { deployment: string }) => deployment.startsWith('us');
      return {
        observations: observations.filter((seen) => !covers(seen)),
        gaps: [{ reason: 'the second page was answered with 503', covers }],
      };
    },
  });

  it('leaves stale what may be in the missing part, and lets go what would have been in the other', async () => {
    await using watched = await openWatched();
    for (const name of ['eu-1', 'eu-2', 'us-1']) watched.place.deploy(name, MODEL);
    await watched.tick();
    watched.place.undeploy('eu-2');
    watched.place.undeploy('us-1');
    const tick = ticker(watched, partial(watched));
    expect(await tick()).toMatchObject({
      deployments: 2,
      fired: 1,
      resolved: 1,
      stale: [{ problem: 'shows only a part: the second page was answered with 503' }],
    });
    const since = watched.governance.clock.now();
    expect(await known(watched)).toEqual([
      ['eu-1', null, 'ungoverned'],
      ['us-1', since, 'ungoverned'],
    ]);
    expect((await watched.firing()).map(({ finding }) => finding.key)).toEqual([
      'missing_record/list/production/eu-1/fraud-detection@4.1.2',
      'missing_record/list/production/us-1/fraud-detection@4.1.2',
      'source_stale/list',
    ]);
    expect(await watched.tick()).toMatchObject({ deployments: 1, resolved: 2, stale: [] });
  });

  it('ends no finding about what is missing, whatever became of the artifact', async () => {
    await using watched = await openWatched();
    watched.place.deploy('us-1', MODEL);
    await watched.tick();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    await ticker(watched, partial(watched))();
    expect(await watched.kinds()).toEqual(['missing_record', 'source_stale']);
  });

  it('tells of five gaps and counts the rest', async () => {
    await using watched = await openWatched();
    const covers = () => false;
    const gaps = [1, 2, 3, 4, 5, 6, 7].map((n) => ({ reason: `gap ${n}`, covers }));
    const tick = ticker(watched, { ...watched.place, observe: async () => ({ observations: [], gaps }) });
    expect((await tick()).stale[0]?.problem).toBe(
      'shows only a part: gap 1; gap 2; gap 3; gap 4; gap 5; and 2 more',
    );
  });
});

describe('a source with a schedule of its own', () => {
  it('is looked at once in each span; in between nothing of it goes stale, and verdicts go on', async () => {
    await using watched = await openWatched(['list'], '2026-11-30T12:00:00.100Z');
    const { clock } = watched.governance;
    let looks = 0;
    const tick = ticker(watched, {
      ...watched.place,
      every: 5 * MINUTE,
      observe: (signal, past) => {
        looks++;
        return watched.place.observe(signal, past);
      },
    });
    watched.place.deploy('eu', MODEL);
    await tick();
    watched.place.lose('no route');
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    clock.advance(MINUTE);
    expect(await tick()).toMatchObject({ deployments: 1, resolved: 1, stale: [] });
    expect([looks, await known(watched)]).toEqual([1, [['eu', null, 'governed']]]);
    clock.advance(4 * MINUTE);
    await tick();
    const lost = clock.now();
    expect([looks, await known(watched)]).toEqual([2, [['eu', lost, 'governed']]]);
    clock.advance(MINUTE);
    expect(await tick()).toMatchObject({ stale: [{ problem: 'cannot be read: no route' }] });
    expect([looks, await known(watched), await watched.kinds()]).toEqual([
      2,
      [['eu', lost, 'governed']],
      ['source_stale'],
    ]);
  });

  it('is looked at at once after the clock was set back', async () => {
    await using watched = await openWatched();
    const tick = ticker(watched, { ...watched.place, every: 60 * MINUTE });
    await tick();
    watched.place.deploy('eu', MODEL);
    watched.governance.clock.advance(-120 * MINUTE);
    expect(await tick()).toMatchObject({ deployments: 1 });
  });

  it('is not waited for: the tick goes on without it, and a later one finds it unreachable once its time is up', async () => {
    await using watched = await openWatched(['list', 'other']);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const observe = vi.fn(() => late);
    const hanging = { ...watched.place, observe };
    const sources = [hanging, ...watched.places.slice(1)];
    const tick = () => reconcile({ ...watched.context, sources }, watched.lead);
    watched.places[1]?.deploy('eu', MODEL);
    expect(await tick()).toMatchObject({ deployments: 1, fired: 1, stale: [] });
    expect(observe).toHaveBeenCalledTimes(1);
    reject(new Error('it hung up'));
    await late.catch(() => undefined);
    const { stale } = await tick();
    expect(stale).toEqual([{ source: 'list', problem: 'cannot be read: it hung up' }]);
    expect(observe).toHaveBeenCalledTimes(2);
  });

  it('does not keep a look waiting for longer than its time', async () => {
    await using watched = await openWatched(['list', 'other']);
    watched.places[1]?.deploy('eu', MODEL);
    const never = new Promise<never>(() => undefined);
    const hanging = { ...watched.place, timeout: 20, observe: () => never };
    const sources = [hanging, ...watched.places.slice(1)];
    expect(await reconcile({ ...watched.context, sources }, watched.lead)).toMatchObject({
      deployments: 1,
      stale: [{ source: 'list', problem: 'cannot be read: it did not answer within 0.02 s' }],
    });
  });
});

describe('a source that never answers', () => {
  it.each([
    [null, 5 * MINUTE],
    [10 * MINUTE, 10 * MINUTE],
  ])(
    'and may take %s ms is stale after %s ms, is not asked again, and fresh once it has answered',
    async (timeout, patience) => {
      await using watched = await openWatched();
      const { clock } = watched.governance;
      await watched.governance.govern({ ...NAME, artifact: BYTES });
      watched.place.deploy('eu', MODEL);
      const seen = clock.now();
      let hangs = Promise.resolve();
      const observe = vi.fn(async (signal: AbortSignal, past: Past) => {
        await hangs;
        return watched.place.observe(signal, past);
      });
      const tick = ticker(watched, { ...watched.place, timeout, observe });
      await tick();
      const { promise, resolve } = Promise.withResolvers<void>();
      hangs = promise;
      clock.advance(MINUTE);
      const asked = clock.now();
      await tick();
      clock.advance(patience);
      expect(await tick()).toMatchObject({ stale: [] });
      clock.advance(1);
      const problem = `has not answered since ${asked}`;
      expect(await tick()).toMatchObject({ stale: [{ source: 'list', problem }] });
      expect(await known(watched)).toEqual([['eu', asked, 'governed']]);
      expect(await watched.kinds()).toEqual(['source_stale']);
      const { sources } = await takeSnapshot({ ...watched.context }, watched.lead);
      expect(sources).toMatchObject([{ stale: true, seenAt: Date.parse(seen) / 1000 }]);
      expect(observe).toHaveBeenCalledTimes(2);
      resolve();
      await vi.waitFor(async () => expect(await tick()).toMatchObject({ stale: [] }), 10_000);
      expect(await known(watched)).toEqual([['eu', null, 'governed']]);
      expect(await watched.kinds()).toEqual([]);
    },
  );

  it('and does not heed that its time is up is not asked again meanwhile, by no later term either', async () => {
    await using watched = await openWatched();
    const observe = vi.fn(() => new Promise<never>(() => undefined));
    const tick = ticker(watched, { ...watched.place, timeout: 20, observe });
    const late = { stale: [{ source: 'list', problem: 'cannot be read: it did not answer within 0.02 s' }] };
    expect(await tick()).toMatchObject(late);
    watched.governance.clock.advance(MINUTE);
    expect(await tick()).toMatchObject(late);
    await watched.lead.release();
    expect(await tick()).toMatchObject(late);
    watched.governance.clock.advance(-60 * MINUTE);
    await tick();
    watched.governance.clock.advance(5 * MINUTE);
    expect(await tick()).toMatchObject(late);
    watched.governance.clock.advance(1);
    expect(await tick()).toMatchObject({
      stale: [{ problem: expect.stringMatching(/^has not answered since/) }],
    });
    expect(observe).toHaveBeenCalledTimes(1);
  });
});

describe('an environment that is excused from governance', () => {
  it('raises no findings, while one that nobody named does', async () => {
    await using watched = await openWatched();
    watched.place.deploy('trial', MODEL, { environment: 'sandbox' });
    watched.place.deploy('typo', MODEL, { environment: 'prodcution' });
    const context = { ...watched.context, excusedEnvironments: new Set(['sandbox']) };
    expect(await reconcile(context, watched.lead)).toMatchObject({ deployments: 2, fired: 1 });
    expect((await watched.firing()).map(({ finding }) => finding.environment)).toEqual(['prodcution']);
    expect(await known(watched)).toEqual([
      ['typo', null, 'ungoverned'],
      ['trial', null, 'ungoverned'],
    ]);
  });
});
