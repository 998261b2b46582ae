import { expect, it } from 'vitest';
import type { Finding } from '../../src/domain/index.ts';
import { DAY, MINUTE } from '../../src/lib/index.ts';
import { findingEvents, listFindings } from '../../src/storage/index.ts';
import { BYTES, openWatched, type Watched } from './watched.ts';

const MODEL = 'fraud-detection@4.1.2' as const;

/** Steps of all findings of a kind, by occurrence, oldest first. */
async function story(watched: Watched, kind: Finding['kind']): Promise<string[]> {
  const rows = (await listFindings(watched.database.db))
    .reverse()
    .filter(({ finding }) => finding.kind === kind);
  const events = await findingEvents(
    watched.database.db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id }) => (events.get(id) ?? []).map((event) => event.kind).join(' '));
}

it('a source that comes and goes is one open finding from its third end on, told no more until it has stayed', async () => {
  await using watched = await openWatched(['list']);
  const { place, tick, governance } = watched;
  const pass = async (minutes: number, problem: string | null) => {
    governance.clock.advance(minutes * MINUTE);
    place.lose(problem);
    await tick();
  };
  for (let outage = 0; outage < 3; outage++) for (const problem of ['no route', null]) await pass(2, problem);
  const told = ['fired resolved', 'fired resolved', 'fired changed'];
  expect(await story(watched, 'source_stale')).toEqual(told);
  await watched.deliveries();

  for (let outage = 0; outage < 20; outage++)
    for (const problem of [`no route at try ${outage}`, null]) await pass(20, problem);
  expect(await story(watched, 'source_stale')).toEqual(told);
  expect(await watched.deliveries(), 'nothing is told, whatever it says').toEqual([]);
  const [held] = await watched.firing();
  expect(held?.finding).toMatchObject({
    summary: expect.stringContaining('try 19'),
    flapping: { quietSince: governance.clock.now() },
  });

  await pass(29, null);
  expect(await watched.firing()).toHaveLength(1);
  await pass(1, null);
  expect(await watched.firing()).toEqual([]);
  expect(await watched.deliveries()).toEqual([held?.id]);
  await pass(120, 'no route');
  await pass(1, null);
  expect(await story(watched, 'source_stale'), 'what was long ago is forgotten').toEqual([
    ...['fired resolved', 'fired resolved', 'fired changed resolved', 'fired resolved'],
  ]);
});

it('a deployment that comes and goes is told each time where it is critical', async () => {
  await using watched = await openWatched(['list']);
  for (let round = 0; round < 6; round++) {
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    expect(await watched.kinds()).toEqual(['missing_record']);
    watched.place.undeploy('eu');
    await watched.tick();
    expect(await watched.kinds()).toEqual([]);
  }
  expect(await story(watched, 'missing_record')).toEqual(Array(6).fill('fired resolved'));
});

it('what is kept open of a deployment ends though it is gone, and nothing of it is looked at any more', async () => {
  await using watched = await openWatched(['list']);
  const { place, tick, governance } = watched;
  await governance.govern({ modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: BYTES });
  governance.clock.advance(80 * DAY);
  const pass = async (minutes: number, isThere: boolean) => {
    governance.clock.advance(minutes * MINUTE);
    if (isThere) place.deploy('eu', MODEL);
    else place.undeploy('eu');
    await tick();
  };
  for (let round = 0; round < 3; round++) for (const isThere of [true, false]) await pass(2, isThere);
  expect(await story(watched, 'approval_expiring')).toEqual([
    'fired resolved',
    'fired resolved',
    'fired changed',
  ]);
  await pass(29, false);
  expect(await watched.kinds()).toEqual(['approval_expiring']);
  await pass(1, false);
  expect(await watched.kinds()).toEqual([]);
});
