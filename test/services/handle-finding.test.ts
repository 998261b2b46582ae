import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDirectory, digestOf, peopleOf } from '../../src/domain/index.ts';
import { DAY, HOUR } from '../../src/lib/index.ts';
import {
  type FindingAction,
  handleFinding,
  knownFindings,
  runAgain,
  tellStormsApart,
  wakeMuted,
} from '../../src/services/index.ts';
import { BYTES, openWatched, type Watched } from './watched.ts';

const MODEL = 'fraud-detection@4.1.2' as const;
const LEA = { team: 'T0TEST', user: 'U0LEA' };
const MUTE = { kind: 'mute', duration: 2 * HOUR, reason: 'the rollback is under way' } as const;

const directory = createDirectory(peopleOf([{ id: 'lea', roles: [] }]), [
  { id: 'lea', name: 'Lea', slack: [LEA], git: [], ci: [] },
]);

/** A finding that fires, and somebody who does things about it. */
async function openHandled(watched: Watched, digest = BYTES) {
  watched.place.deploy('eu', MODEL, { digest });
  await watched.tick();
  const [row] = await watched.firing();
  if (row === undefined) throw new Error('nothing fires');
  await watched.deliveries();
  const ctx = { ...watched.context, directory };
  const handle = (action: FindingAction, source: string = randomUUID(), account = LEA) =>
    handleFinding(ctx, { findingId: row.id, action, actor: account, source });
  const now = async () => (await knownFindings(ctx, {})).find(({ id }) => id === row.id)?.handling;
  return { id: row.id, handle, now };
}

describe('a finding', () => {
  it('is acknowledged once, by a person, and its message follows', async () => {
    await using watched = await openWatched();
    const { id, handle, now } = await openHandled(watched);
    expect(await handle({ kind: 'acknowledge' })).toMatchObject({ ok: true, event: { person: 'lea' } });
    expect(await watched.deliveries()).toEqual([id]);
    expect(await handle({ kind: 'acknowledge' })).toMatchObject({ refusal: 'already_acknowledged' });
    expect(await watched.deliveries()).toEqual([]);
    expect(await now()).toMatchObject({ acknowledged: { by: 'lea' }, mute: null });
  });

  it('takes the same action again as the same', async () => {
    await using watched = await openWatched();
    const { id, handle } = await openHandled(watched);
    const all = await Promise.all([1, 2, 3].map(() => handle(MUTE, 'the same')));
    expect(new Set(all.map((result) => result.ok && result.event.id)).size).toBe(1);
    expect(await watched.deliveries()).toEqual([id]);
  });

  it.each([
    ['unknown_person', { kind: 'acknowledge' }, { team: 'T0TEST', user: 'U0STRANGER' }],
    ['mute_too_long', { ...MUTE, duration: DAY + 1 }, LEA],
    ['not_muted', { kind: 'unmute' }, LEA],
    ['never_submitted', { kind: 'run' }, LEA],
    ['not_held', { kind: 'block' }, LEA],
  ] as const)('is left alone: %s', async (refusal, action, account) => {
    await using watched = await openWatched();
    const { handle, now } = await openHandled(watched);
    expect(await handle(action, 'a', account)).toMatchObject({ ok: false, refusal });
    expect([await watched.deliveries(), await now()]).toMatchObject([[], { acknowledged: null, mute: null }]);
  });

  it('that is resolved takes nothing more', async () => {
    await using watched = await openWatched();
    const { handle } = await openHandled(watched);
    watched.place.undeploy('eu');
    await watched.tick();
    expect(await handle({ kind: 'acknowledge' })).toMatchObject({ refusal: 'resolved' });
  });
});

describe('a mute', () => {
  it('ends by itself, once, and makes the finding loud again', async () => {
    await using watched = await openWatched();
    const { id, handle, now } = await openHandled(watched);
    await handle(MUTE);
    await watched.deliveries();
    expect([await wakeMuted(watched.context), await watched.deliveries()]).toEqual([0, []]);
    watched.governance.clock.advance(2 * HOUR);
    expect((await now())?.mute).toBeNull();
    const woken = await Promise.all([wakeMuted(watched.context), wakeMuted(watched.context)]);
    expect(woken.sort()).toEqual([0, 1]);
    expect(await watched.deliveries()).toEqual([id]);
    expect(await wakeMuted(watched.context)).toBe(0);
  });

  it('that somebody ended, or that was prolonged, ends no second time', async () => {
    await using watched = await openWatched();
    const { handle } = await openHandled(watched);
    await handle(MUTE);
    await handle({ ...MUTE, duration: 3 * HOUR });
    watched.governance.clock.advance(2 * HOUR);
    expect(await wakeMuted(watched.context)).toBe(0);
    await handle({ kind: 'unmute' });
    watched.governance.clock.advance(2 * HOUR);
    expect(await wakeMuted(watched.context)).toBe(0);
  });

  it('does not cover other bytes than those that were looked at', async () => {
    await using watched = await openWatched();
    const { handle, now } = await openHandled(watched);
    await handle(MUTE);
    watched.place.deploy('eu', MODEL, { digest: digestOf('other bytes') });
    await watched.tick();
    expect((await now())?.mute).toBeNull();
  });
});

describe('the pipeline', () => {
  async function openFailed(watched: Watched) {
    const run = await watched.governance.submit({
      modelId: 'fraud-detection',
      modelVersion: '4.1.2',
      artifact: BYTES,
    });
    const { database } = watched;
    await database.db.updateTable('runs').set({ state: 'failed' }).where('id', '=', run.id).execute();
    const handled = await openHandled(watched);
    const runs = () => database.db.selectFrom('runs').select(['id', 'attempt', 'state']).execute();
    const asking = async () => {
      const result = await handled.handle({ kind: 'run' });
      if (!result.ok) throw new Error(result.refusal);
      return String(result.event.id);
    };
    return {
      ...handled,
      run,
      runs,
      asking,
      again: (id: string) => runAgain(watched.governance.context, { findingId: handled.id, asking: id }),
    };
  }

  it('is run again for the bytes that are seen, once for each asking', async () => {
    await using watched = await openWatched();
    const { now, asking, again, runs, handle } = await openFailed(watched);
    const id = await asking();
    expect(await handle({ kind: 'run' })).toMatchObject({ refusal: 'run_asked' });
    await Promise.all([again(id), again(id)]);
    const queued = (await runs()).filter(({ state }) => state === 'queued');
    expect(queued).toHaveLength(1);
    expect(await now()).toMatchObject({ runAsked: null, run: { runId: queued[0]?.id } });
  });

  it('is not run while a run of it is under way', async () => {
    await using watched = await openWatched();
    const { now, asking, again, runs } = await openFailed(watched);
    await again(await asking());
    const before = (await runs()).length;
    await again(await asking());
    expect([(await runs()).length, (await now())?.runAsked]).toEqual([before, null]);
  });
});

describe('many findings at once', () => {
  const stormJobs = async ({ database: { db } }: Watched) =>
    db.selectFrom('outbox').select('payload').where('name', '=', 'deliver-storm').execute();

  function deploy(watched: Watched, count: number): void {
    for (let index = 0; index < count; index++)
      watched.place.deploy(`eu-${index}`, `fraud-detection@4.2.${index}`, {
        digest: digestOf(`bytes ${index}`),
      });
  }

  it('are one message, and rows of their own', async () => {
    await using watched = await openWatched();
    deploy(watched, 7);
    await watched.tick();
    expect([(await watched.deliveries()).length, (await stormJobs(watched)).length]).toEqual([0, 1]);
    expect(await watched.firing()).toHaveLength(7);
    watched.place.undeploy('eu-0');
    watched.place.undeploy('eu-1');
    await watched.tick();
    expect([await watched.deliveries(), (await stormJobs(watched)).length]).toEqual([[], 2]);
  });

  it('are told apart when somebody acts on one, and when few are left', async () => {
    await using watched = await openWatched();
    deploy(watched, 7);
    await watched.tick();
    const rows = await watched.firing();
    const id = rows[3]?.id ?? 0;
    const ctx = { ...watched.context, directory };
    await handleFinding(ctx, { findingId: id, action: MUTE, actor: LEA, source: 'a' });
    expect(await watched.deliveries()).toEqual([id]);
    watched.governance.clock.advance(HOUR);
    expect(await tellStormsApart(ctx)).toBe(0);
    watched.place.undeploy('eu-0');
    await watched.tick();
    await watched.deliveries();
    expect(await tellStormsApart(ctx)).toBe(5);
    expect((await watched.deliveries()).length).toBe(5);
    expect(await tellStormsApart(ctx)).toBe(0);
  });
});
