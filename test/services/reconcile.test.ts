import { rm, writeFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { complete } from '../../src/inventory/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { createLead, reconcile } from '../../src/services/index.ts';
import { listDeployments } from '../../src/storage/index.ts';
import { entry, openList } from '../inventory/listed.ts';
import { look, observed } from '../inventory/look.ts';
import { AT_EVERY_TICK, BYTES, createPlace, openWatched } from './watched.ts';

const MODEL = 'fraud-detection@4.1.2' as const;
const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const ALL_SEEN = { stale: [], failures: [] };

describe('a deployment', () => {
  it('that was never governed fires missing_record once, and stays the same finding', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    expect(await watched.tick()).toEqual({
      led: true,
      deployments: 1,
      fired: 1,
      resolved: 0,
      ...ALL_SEEN,
    });
    const [first] = await watched.firing();
    expect(first).toMatchObject({
      state: 'firing',
      firedAt: watched.governance.clock.now(),
      resolvedAt: null,
      finding: {
        kind: 'missing_record',
        severity: 'critical',
        deployment: 'list/production/eu',
        ...NAME,
        observed: BYTES,
        expected: null,
        summary: expect.stringContaining('not governed (ungoverned)'),
      },
    });
    expect(await watched.deliveries()).toEqual([first?.id]);
    watched.governance.clock.advance(30_000);
    expect(await watched.tick()).toMatchObject({ fired: 0, resolved: 0 });
    expect(await watched.firing()).toEqual([first]);
    expect(await watched.deliveries()).toEqual([]);
  });

  it('is content once it is governed: the finding ends', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    const [{ id } = { id: 0 }] = await watched.firing();
    await watched.deliveries();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    expect(await watched.tick()).toMatchObject({ fired: 0, resolved: 1 });
    expect(await watched.kinds()).toEqual([]);
    expect(await watched.deliveries()).toEqual([id]);
    expect(await listDeployments(watched.database.db)).toMatchObject([
      { key: 'list/production/eu', status: 'governed', digest: BYTES, basis: { riskTier: 'high_risk' } },
    ]);
  });

  it('is told of again, on the same finding, when its governance moves on without ending it', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    const [before] = await watched.firing();
    const run = await watched.governance.submit({ ...NAME, artifact: BYTES });
    await watched.deliveries();
    expect(await watched.tick()).toMatchObject({ fired: 0, resolved: 0 });
    expect(await watched.deliveries()).toEqual([before?.id]);
    await watched.governance.answer(run, 'lea', 'rejected');
    await watched.tick();
    const [after] = await watched.firing();
    expect(after).toMatchObject({ id: before?.id, firedAt: before?.firedAt });
    expect(after?.finding.summary).toContain('not governed (rejected): rejected by lea');
    expect(await watched.deliveries()).toEqual([before?.id]);
  });

  it('of bytes governed under another name fires missing_record: a name proves nothing, nor do bytes alone', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', 'fraud-detection@4.2.0');
    await watched.tick();
    expect(await watched.kinds()).toEqual(['missing_record']);
  });

  it('whose bytes nobody can tell fires unverifiable, not a mismatch and not nothing', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL, {
      digest: null,
      confidence: 'unknown',
      how: 'model.onnx does not exist',
    });
    await watched.tick();
    const [found] = await watched.firing();
    expect(found?.finding).toMatchObject({ kind: 'unverifiable', severity: 'critical', observed: null });
    expect(found?.finding.summary).toContain('model.onnx does not exist');
  });

  it('that is gone from a source that was read has no findings, and is forgotten', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    watched.place.deploy('us', MODEL);
    await watched.tick();
    await watched.deliveries();
    watched.place.undeploy('eu');
    expect(await watched.tick()).toMatchObject({ deployments: 1, resolved: 1 });
    expect(await watched.firing()).toMatchObject([{ finding: { deployment: 'list/production/us' } }]);
    expect(await watched.deliveries()).toHaveLength(1);
    watched.place.undeploy('us');
    expect(await watched.tick()).toMatchObject({ deployments: 0, resolved: 1 });
    expect(await listDeployments(watched.database.db)).toEqual([]);
  });

  it('that comes back with the same fault is a new occurrence', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    const [first] = await watched.firing();
    watched.place.undeploy('eu');
    await watched.tick();
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    const [second] = await watched.firing();
    expect(second?.finding.key).toBe(first?.finding.key);
    expect(second?.id).not.toBe(first?.id);
  });

  it('counts as first seen when it came, and anew when another version takes its place', async () => {
    await using watched = await openWatched();
    const { clock } = watched.governance;
    const seen = async () => (await listDeployments(watched.database.db)).map((row) => row.firstSeenAt);
    const start = clock.now();
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    clock.advance(60_000);
    watched.place.deploy('eu', MODEL, { digest: digestOf('other') });
    await watched.tick();
    expect(await seen()).toEqual([start]);
    watched.place.deploy('eu', 'fraud-detection@4.2.0');
    await watched.tick();
    expect(await seen()).toEqual([clock.now()]);
  });
});

describe('a swapped file', () => {
  it('fires hash_mismatch with both digests; putting it back ends the same finding', async () => {
    await using watched = await openWatched();
    await using listed = await openList(entry('path: model.onnx'));
    const context = { ...watched.context, sources: [listed.source] };
    const tick = () => reconcile(context, watched.lead);
    await listed.serve('model.onnx', 'governed');
    await watched.governance.govern({ ...NAME, artifact: digestOf('governed') });
    expect(await tick()).toMatchObject({ deployments: 1, fired: 0 });

    await listed.serve('model.onnx', 'tampered');
    expect(await tick()).toMatchObject({ fired: 1, resolved: 0 });
    const [found] = await watched.firing();
    expect(found?.finding).toMatchObject({
      kind: 'hash_mismatch',
      severity: 'critical',
      observed: digestOf('tampered'),
      expected: digestOf('governed'),
    });
    expect(await watched.deliveries()).toEqual([found?.id]);
    await tick();
    expect(await watched.deliveries()).toEqual([]);

    await listed.serve('model.onnx', 'governed');
    expect(await tick()).toMatchObject({ fired: 0, resolved: 1 });
    expect(await watched.deliveries()).toEqual([found?.id]);
    expect(await watched.kinds()).toEqual([]);
  });

  it('stays a mismatch while its bytes cannot be read: nothing ends because nobody can look any more', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL, { digest: digestOf('tampered') });
    await watched.tick();
    const [mismatch] = await watched.firing();
    await watched.deliveries();

    watched.place.deploy('eu', MODEL, { digest: null, confidence: 'unknown', how: 'may not be read' });
    expect(await watched.tick()).toMatchObject({ fired: 1, resolved: 0 });
    const [still, unverifiable] = await watched.firing();
    expect(still).toEqual(mismatch);
    expect(unverifiable?.finding.kind).toBe('unverifiable');
    expect(await watched.deliveries()).toEqual([unverifiable?.id]);

    watched.place.deploy('eu', MODEL);
    expect(await watched.tick()).toMatchObject({ fired: 0, resolved: 2 });
    expect(await watched.deliveries()).toEqual([mismatch?.id, unverifiable?.id]);
  });

  it('that cannot be read keeps no finding of another deployment alive', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL, { digest: digestOf('tampered') });
    watched.place.deploy('us', MODEL, { digest: digestOf('tampered') });
    await watched.tick();
    watched.place.deploy('eu', MODEL, { digest: null, confidence: 'unknown', how: 'may not be read' });
    watched.place.deploy('us', MODEL);
    expect(await watched.tick()).toMatchObject({ fired: 1, resolved: 1 });
    expect((await watched.firing()).map(({ finding: { kind, deployment } }) => [kind, deployment])).toEqual([
      ['hash_mismatch', 'list/production/eu'],
      ['unverifiable', 'list/production/eu'],
    ]);
  });

  it('is told of again when it is swapped for a third one', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL, { digest: digestOf('two') });
    await watched.tick();
    const [two] = await watched.firing();
    await watched.deliveries();
    watched.place.deploy('eu', MODEL, { digest: digestOf('three') });
    expect(await watched.tick()).toMatchObject({ fired: 0 });
    const [three] = await watched.firing();
    expect(three).toMatchObject({ id: two?.id, finding: { observed: digestOf('three') } });
    expect(await watched.deliveries()).toEqual([two?.id]);
  });

  it('is a mismatch even with the bytes of another governed version', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    await watched.governance.govern({
      modelId: 'fraud-detection',
      modelVersion: '4.0.0',
      artifact: digestOf('old'),
    });
    watched.place.deploy('eu', MODEL, { digest: digestOf('old') });
    await watched.tick();
    expect((await watched.firing()).map(({ finding }) => finding)).toMatchObject([
      { kind: 'hash_mismatch', observed: digestOf('old'), expected: BYTES },
    ]);
  });
});

describe('time', () => {
  it('ends governance after 90 days: approval_expired, a warning', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    watched.governance.clock.advance(75 * DAY);
    await watched.tick();
    expect(await watched.kinds()).toEqual([]);
    watched.governance.clock.advance(16 * DAY);
    await watched.tick();
    const [found] = await watched.firing();
    expect(found?.finding).toMatchObject({ kind: 'approval_expired', severity: 'warning' });
    expect(found?.finding.summary).toContain('2027-02-21');
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    expect(await watched.tick()).toMatchObject({ resolved: 1 });
  });

  it('still tells swapped bytes from old ones: a mismatch with what has expired is a mismatch', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL, { digest: digestOf('swapped') });
    watched.governance.clock.advance(91 * DAY);
    await watched.tick();
    expect(await watched.kinds()).toEqual(['hash_mismatch']);
  });
});

describe('a source that cannot be read', () => {
  it('fires source_stale; its findings go on and its deployments stay', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    const [missing] = await watched.firing();
    watched.place.lose('the list is gone');
    expect(await watched.tick()).toEqual({
      led: true,
      deployments: 1,
      fired: 1,
      resolved: 0,
      stale: [{ source: 'list', problem: 'cannot be read: the list is gone' }],
      failures: [],
    });
    expect(await watched.firing()).toMatchObject([
      { id: missing?.id },
      {
        finding: {
          kind: 'source_stale',
          severity: 'warning',
          summary: expect.stringContaining('the list is gone'),
        },
      },
    ]);
    expect(await listDeployments(watched.database.db)).toMatchObject([{ key: 'list/production/eu' }]);
    await watched.deliveries();
    watched.place.lose(null);
    expect(await watched.tick()).toMatchObject({ fired: 0, resolved: 1, ...ALL_SEEN });
    expect(await watched.kinds()).toEqual(['missing_record']);
    expect(await watched.deliveries()).toHaveLength(1);
  });

  it('does not end a finding, whatever became of the artifact meanwhile', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    watched.place.lose('no route');
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    expect(await watched.tick()).toMatchObject({ resolved: 0 });
    expect(await watched.kinds()).toEqual(['missing_record', 'source_stale']);
    watched.place.lose(null);
    expect(await watched.tick()).toMatchObject({ resolved: 2 });
  });

  it('does not stop the time: what it showed last expires all the same', async () => {
    await using watched = await openWatched();
    await watched.governance.govern({ ...NAME, artifact: BYTES });
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    const observedAt = watched.governance.clock.now();
    watched.place.lose('no route');
    watched.governance.clock.advance(91 * DAY);
    await watched.tick();
    expect((await watched.kinds()).sort()).toEqual(['approval_expired', 'source_stale']);
    expect(await listDeployments(watched.database.db)).toMatchObject([{ observedAt, status: 'expired' }]);
  });

  it('does not touch another source', async () => {
    await using watched = await openWatched(['one', 'two']);
    const [one, two] = watched.places;
    one?.deploy('eu', MODEL);
    two?.deploy('eu', MODEL);
    await watched.tick();
    one?.lose('no route');
    two?.undeploy('eu');
    expect(await watched.tick()).toMatchObject({ deployments: 1, fired: 1, resolved: 1 });
    expect((await watched.firing()).map(({ finding }) => finding.key)).toEqual([
      'missing_record/one/production/eu/fraud-detection@4.1.2',
      'source_stale/one',
    ]);
  });

  it('may have a long reason: it is shortened', async () => {
    await using watched = await openWatched();
    watched.place.lose('x'.repeat(10_000));
    const { stale } = await watched.tick();
    expect(stale[0]?.problem).toHaveLength(500);
  });

  it('is one that shows a deployment twice', async () => {
    await using watched = await openWatched();
    const twice = createPlace('list');
    twice.deploy('eu', MODEL);
    const source = {
      ...AT_EVERY_TICK,
      name: 'list',
      observe: async () => complete([...(await observed(twice)), ...(await observed(twice))]),
    };
    expect(await reconcile({ ...watched.context, sources: [source] }, watched.lead)).toMatchObject({
      deployments: 0,
      stale: [{ source: 'list', problem: 'cannot be read: it shows list/production/eu twice' }],
    });
  });

  it('is one that shows more deployments than a source may', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    const [seen] = await observed(watched.place);
    const endless = { ...watched.place, observe: async () => complete(Array(200_001).fill(seen)) };
    expect((await reconcile({ ...watched.context, sources: [endless] }, watched.lead)).stale).toEqual([
      {
        source: 'list',
        problem:
          'cannot be read: it shows more than 200000 deployments: make several sources of it, each of a part',
      },
    ]);
  });

  it('and is then no longer looked at, is forgotten with all that it showed', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    await watched.tick();
    watched.place.lose('gone for good');
    await watched.tick();
    expect(await reconcile({ ...watched.context, sources: [] }, watched.lead)).toMatchObject({ resolved: 2 });
    expect(await listDeployments(watched.database.db)).toEqual([]);
    expect(await watched.kinds()).toEqual([]);
  });

  it('may be a real list that is broken for a while', async () => {
    await using watched = await openWatched();
    await using listed = await openList(entry(`digest: ${BYTES}`));
    const context = { ...watched.context, sources: [listed.source] };
    await reconcile(context, watched.lead);
    await writeFile(listed.path, 'deployments: [');
    await reconcile(context, watched.lead);
    await rm(listed.path);
    await reconcile(context, watched.lead);
    expect(await watched.kinds()).toEqual(['missing_record', 'source_stale']);
    await listed.list('deployments: []');
    await reconcile(context, watched.lead);
    expect(await watched.kinds()).toEqual([]);
  });
});

describe('several monitors', () => {
  it('have one leader; the next takes over when it gives up', async () => {
    await using watched = await openWatched();
    watched.place.deploy('eu', MODEL);
    const other = createLead(watched.context);
    const tickOther = () => reconcile(watched.context, other);
    const reports = await Promise.all([watched.tick(), tickOther()]);
    expect(reports.filter(({ led }) => led)).toHaveLength(1);
    expect(await watched.deliveries()).toHaveLength(1);
    const [first, second] = reports[0].led ? [watched.lead, other] : [other, watched.lead];
    for (let n = 0; n < 3; n++) expect((await reconcile(watched.context, second)).led).toBe(false);
    await first.release();
    expect(await reconcile(watched.context, second)).toMatchObject({ led: true, fired: 0 });
    expect((await reconcile(watched.context, first)).led).toBe(false);
    expect(await watched.deliveries()).toEqual([]);
    await second.release();
  });

  it('lose nothing when the leader’s connection breaks in the middle of a tick: it commits nothing, the next one does', async () => {
    await using watched = await openWatched();
    const other = createLead(watched.context);
    const breaking = {
      ...AT_EVERY_TICK,
      name: 'list',
      observe: async () => {
        await endLeader(watched.database.db);
        expect((await reconcile(watched.context, other)).led).toBe(true);
        return createSeen();
      },
    };
    await expect(reconcile({ ...watched.context, sources: [breaking] }, watched.lead)).rejects.toThrow();
    expect(await watched.kinds()).toEqual([]);
    expect((await watched.tick()).led).toBe(false);
    await other.release();
    expect((await watched.tick()).led).toBe(true);
  });

  it('see a broken connection of the leader: it takes the lead anew at its next tick', async () => {
    await using watched = await openWatched();
    await watched.tick();
    await endLeader(watched.database.db);
    watched.place.deploy('eu', MODEL);
    expect(await watched.tick()).toMatchObject({ led: true, fired: 1 });
  });

  async function createSeen() {
    const place = createPlace('list');
    place.deploy('late', MODEL);
    return look(place);
  }

  async function endLeader(db: Parameters<typeof listDeployments>[0]): Promise<void> {
    const { rows } = await sql<{ ended: boolean }>`
      select pg_terminate_backend(pid, 5000) as ended from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`.execute(
      db,
    );
    expect(rows).toEqual([{ ended: true }]);
  }
});

describe('many deployments', () => {
  it('are all told of, and all resolved, beyond what a list shows at once', async () => {
    await using watched = await openWatched();
    for (let n = 0; n < 1100; n++) watched.place.deploy(`d${n}`, MODEL);
    expect(await watched.tick()).toMatchObject({ deployments: 1100, fired: 1100 });
    expect(await watched.tick()).toMatchObject({ fired: 0, resolved: 0 });
    for (let n = 0; n < 1100; n++) watched.place.undeploy(`d${n}`);
    expect(await watched.tick()).toMatchObject({ deployments: 0, resolved: 1100 });
    expect(await watched.kinds()).toEqual([]);
  });

  it('of two hundred governed model versions are judged in little time', async () => {
    await using watched = await openWatched();
    for (let n = 0; n < 25; n++) {
      const artifact = digestOf(`model ${n}`);
      await watched.governance.govern({
        modelId: `model-${n}`,
        modelVersion: '1',
        artifact,
        tier: 'minimal_risk',
      });
      for (let d = 0; d < 8; d++) watched.place.deploy(`d${n}-${d}`, `model-${n}@1`, { digest: artifact });
    }
    const startedAt = performance.now();
    expect(await watched.tick()).toMatchObject({ deployments: 200, fired: 0 });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
