import { describe, expect, it } from 'vitest';
import type { AlertChannel, FindingEvent, HandledAlert, MessageRef } from '../../src/domain/index.ts';
import { later } from '../../src/lib/index.ts';
import { type AlertContext, deliverFinding } from '../../src/services/index.ts';
import { alertingIn, NO_ALERTING } from '../support/alerting.ts';
import { BYTES, openWatched, type Watched } from './watched.ts';

interface Told {
  readonly alert: HandledAlert;
  readonly posted: MessageRef | null;
}

/** A channel that remembers what it was told, and posts under ids of its own. */
function createChannel(): AlertChannel & { readonly told: Told[]; readonly story: string[]; fail: boolean } {
  const told: Told[] = [];
  const story: string[] = [];
  const channel = {
    told,
    story,
    fail: false,
    deliver: async (alert: HandledAlert, posted: MessageRef | null) => {
      if (channel.fail) throw new Error('no route to the channel');
      told.push({ alert, posted });
      return posted ?? { channel: 'C123', ts: `${told.length}.000` };
    },
    tell: async (event: FindingEvent, _alert: HandledAlert, root: MessageRef) => {
      story.push(`${root.ts} ${event.kind}`);
      return { channel: root.channel, ts: `${root.ts}${story.length}` };
    },
    deliverStorm: async () => {
      throw new Error('one finding is no storm');
    },
  };
  return channel;
}

/** A finding that fires, and a channel to tell of it. */
async function openFinding(watched: Watched) {
  watched.place.deploy('eu', 'fraud-detection@4.1.2');
  await watched.tick();
  const [row] = await watched.firing();
  if (row === undefined) throw new Error('nothing fires');
  const channel = createChannel();
  const context: AlertContext = { ...watched.context, alerting: alertingIn('ml-alerts', channel) };
  return { row, channel, context, deliver: () => deliverFinding(context, row.id) };
}

describe('a finding', () => {
  it('is told once, then updated where the message stands, whatever the channel calls itself', async () => {
    await using watched = await openWatched();
    const { row, channel, deliver } = await openFinding(watched);
    await deliver();
    await watched.governance.govern({ modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: BYTES });
    await watched.tick();
    await deliver();
    expect(channel.told).toMatchObject([
      { alert: row, posted: null },
      {
        alert: { ...row, state: 'resolved', resolvedAt: later(watched.governance.clock.now(), 1) },
        posted: { channel: 'C123', ts: '1.000' },
      },
    ]);
    expect(channel.story).toEqual(['1.000 fired', '1.000 resolved']);
  });

  it('keeps its message when alerts move to another channel', async () => {
    await using watched = await openWatched();
    const { row, channel, context, deliver } = await openFinding(watched);
    await deliver();
    await deliverFinding({ ...context, alerting: alertingIn('elsewhere', channel) }, row.id);
    expect(channel.told.map(({ posted }) => posted)).toEqual([null, { channel: 'C123', ts: '1.000' }]);
  });

  it('is one message however many deliveries run at once', async () => {
    await using watched = await openWatched();
    const { channel, deliver } = await openFinding(watched);
    await Promise.all([deliver(), deliver(), deliver()]);
    expect(channel.told.map(({ posted }) => posted === null)).toEqual([true, false, false]);
  });

  it('is told at the next try when the channel could not be reached', async () => {
    await using watched = await openWatched();
    const { channel, deliver } = await openFinding(watched);
    channel.fail = true;
    await expect(deliver()).rejects.toThrow('no route to the channel');
    channel.fail = false;
    await deliver();
    expect(channel.told.map(({ posted }) => posted)).toEqual([null]);
  });

  it('that ended before anybody was told is told as resolved', async () => {
    await using watched = await openWatched();
    const { channel, deliver } = await openFinding(watched);
    watched.place.undeploy('eu');
    await watched.tick();
    await deliver();
    expect(channel.told).toMatchObject([{ alert: { state: 'resolved' }, posted: null }]);
  });

  it('that does not exist is no reason to fail', async () => {
    await using watched = await openWatched();
    const { row, channel, context } = await openFinding(watched);
    expect(await deliverFinding(context, row.id + 1000)).toBeNull();
    expect(await deliverFinding({ ...context, alerting: NO_ALERTING }, row.id + 1000)).toBeNull();
    expect(channel.told).toEqual([]);
  });

  it('is handed back where nobody can be told, and told once there is a channel', async () => {
    await using watched = await openWatched();
    const { row, channel, context, deliver } = await openFinding(watched);
    expect(await deliverFinding({ ...context, alerting: NO_ALERTING }, row.id)).toEqual(row);
    expect(await deliver()).toBeNull();
    expect(channel.told).toMatchObject([{ alert: row, posted: null }]);
  });
});
