import { expect, it } from 'vitest';
import type { AlertChannel, AlertStorm, HandledAlert } from '../../src/domain/index.ts';
import {
  type AlertContext,
  beginRouting,
  deliverFinding,
  deliverStorm,
  routeNewFindings,
} from '../../src/services/index.ts';
import { deliveriesOf, fireFindings, insertStorm, listReceivers } from '../../src/storage/index.ts';
import { FINDING } from '../notify/samples.ts';
import { policyOf } from '../support/alerting.ts';
import { openWatched } from './watched.ts';

/** A channel that remembers which findings it was told of, and cannot be reached when told so. */
function channelCalled(name: string) {
  const told: string[] = [];
  const self = { told, away: false };
  const post = async (what: string) => {
    if (self.away) throw new Error(`${name} is away`);
    told.push(what);
    return { channel: name, ts: `${told.length}.0` };
  };
  const channel: AlertChannel = {
    deliver: ({ finding }: HandledAlert) => post(finding.environment),
    tell: async () => null,
    deliverStorm: ({ alerts }: AlertStorm) =>
      post(`storm ${alerts.map(({ finding }) => finding.environment)}`),
  };
  return Object.assign(self, { place: { receiver: name, name, channel } });
}

const ANY = { severities: ['*'], kinds: ['*'], owners: ['*'] } as const;

/** Findings of staging go to a channel of their own besides the one of everything. */
async function open() {
  const watched = await openWatched();
  const [all, staging] = [channelCalled('all'), channelCalled('staging')];
  const routes = [
    { ...ANY, environments: ['*'], to: ['all'] },
    { ...ANY, environments: ['staging'], to: ['staging'] },
  ];
  const alerting = {
    policy: policyOf(['all', 'staging'], { routes }),
    channels: [all.place, staging.place],
    receivers: [],
  };
  const context: AlertContext = { ...watched.context, alerting };
  await beginRouting(context);
  const fire = async (...environments: readonly string[]) => {
    const ids: number[] = [];
    for (const environment of environments) {
      const finding = { ...FINDING, key: `k/${environment}`, environment };
      const fired = await context.db
        .transaction()
        .execute((tx) => fireFindings(tx, [finding], context.clock.now()));
      ids.push(...fired.map(({ id }) => id));
    }
    await routeNewFindings(context);
    return ids;
  };
  return { context, all, staging, fire, [Symbol.asyncDispose]: () => watched[Symbol.asyncDispose]() };
}

it('a finding is told in each channel that it is routed to, whichever of them is away', async () => {
  await using place = await open();
  const { context, all, staging } = place;
  const [production = 0, other = 0] = await place.fire('production', 'staging');
  await deliverFinding(context, production);
  expect([all.told, staging.told]).toEqual([['production'], []]);
  all.away = true;
  await expect(deliverFinding(context, other)).rejects.toThrow('all is away');
  expect(staging.told).toEqual(['staging']);
  expect(await deliveriesOf(context.db, [other])).toMatchObject([
    { receiver: 'all', pending: true, failure: 'all is away' },
    { receiver: 'staging', pending: false, failure: null },
  ]);
  expect(await listReceivers(context.db)).toMatchObject([{ failure: 'all is away' }, { failure: null }]);
  all.away = false;
  await deliverFinding(context, other);
  expect(all.told).toEqual(['production', 'staging']);
  expect(await listReceivers(context.db)).toMatchObject([{ failure: null }, { failure: null }]);
});

it('a storm is told in each channel with those of its findings that are routed there', async () => {
  await using place = await open();
  const { context, all, staging } = place;
  const ids = await place.fire('production', 'staging');
  const storm = await context.db
    .transaction()
    .execute((tx) => insertStorm(tx, { kind: null, beganAt: context.clock.now() }, ids));
  await deliverStorm(context, storm);
  expect([all.told, staging.told]).toEqual([['storm production,staging'], ['storm staging']]);
});
