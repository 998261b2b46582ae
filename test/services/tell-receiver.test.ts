import { describe, expect, it } from 'vitest';
import { type AlertNotice, type AlertReceiver, CountersignError, digestOf } from '../../src/domain/index.ts';
import { DAY, later, MINUTE, SECOND } from '../../src/lib/index.ts';
import {
  type AlertContext,
  beginRouting,
  escalateFindings,
  handleFinding,
  receiversToTell,
  routeNewFindings,
  tellReceiver,
} from '../../src/services/index.ts';
import { deliveriesOf, listReceivers } from '../../src/storage/index.ts';
import { policyOf } from '../support/alerting.ts';
import { openWatched, type Watched } from './watched.ts';

/** A receiver that remembers what it took, and fails or is gone when told to. */
interface Recorder extends AlertReceiver {
  readonly took: string[];
  behaviour: 'takes' | 'fails' | 'gone' | 'dies';
}

function recorder(name: string, takes: AlertReceiver['takes'], address = name): Recorder {
  const took: string[] = [];
  const line = ({ alert, event }: AlertNotice) => `${alert.finding.deployment} ${event?.kind ?? alert.state}`;
  const self: Recorder = {
    name,
    takes,
    address: digestOf(address),
    resendEvery: MINUTE,
    took,
    behaviour: 'takes',
    send: async (notices) => {
      if (self.behaviour === 'fails') throw new CountersignError('unavailable', `${name} is away`);
      if (self.behaviour === 'gone') return 'gone';
      took.push(...notices.map(line));
      if (self.behaviour === 'dies') throw new Error('killed');
      return 'taken';
    },
  };
  return self;
}

/** A monitor whose findings go to these receivers. */
async function openAlerting(
  receivers: readonly Recorder[],
  policy: Partial<AlertContext['alerting']['policy']> = {},
) {
  const watched = await openWatched(['list']);
  const names = receivers.map(({ name }) => name);
  const alerting = { policy: policyOf(names, policy), channels: [], receivers };
  const context = { ...watched.context, alerting };
  await beginRouting(context);
  const deliver = async () => {
    for (const receiver of await receiversToTell(context))
      while ((await tellReceiver(context, receiver)).told > 0);
  };
  return {
    watched,
    context,
    deliver,
    tick: async () => {
      await watched.tick();
      await routeNewFindings(context);
      await escalateFindings(context);
      await deliver();
    },
    advance: (milliseconds: number) => watched.governance.clock.advance(milliseconds),
    [Symbol.asyncDispose]: () => watched[Symbol.asyncDispose](),
  };
}

const deploy = ({ place }: Watched, name: string) => place.deploy(name, 'fraud-detection@4.1.2');
const take = (recorder: Recorder) => recorder.took.splice(0);

describe('a receiver of states', () => {
  it('hears of what fires again and again, and of the end until it must have heard of it', async () => {
    const ops = recorder('ops', 'states');
    await using place = await openAlerting([ops]);
    deploy(place.watched, 'eu');
    await place.tick();
    await place.tick();
    expect(take(ops)).toEqual(['list/production/eu firing']);
    place.advance(MINUTE);
    await place.deliver();
    expect(take(ops)).toEqual(['list/production/eu firing']);
    place.watched.place.undeploy('eu');
    await place.tick();
    expect(take(ops)).toEqual(['list/production/eu resolved']);
    for (let minute = 0; minute < 20; minute++) {
      place.advance(MINUTE);
      await place.deliver();
    }
    expect(take(ops)).toEqual(Array(15).fill('list/production/eu resolved'));
  });

  it('hears no more of an end once it is told that the same fires anew', async () => {
    const [ops, first] = [recorder('ops', 'states'), recorder('first', 'states')];
    await using place = await openAlerting([ops, first]);
    const ofEu = (line: string) => line.startsWith('list/production/eu');
    const turn = async (act: () => void) => {
      act();
      place.advance(30 * SECOND);
      await place.tick();
    };
    const [comes, goes] = [() => deploy(place.watched, 'eu'), () => place.watched.place.undeploy('eu')];
    for (const act of [comes, goes, comes]) await turn(act);
    expect(take(ops)).toEqual(['firing', 'resolved', 'firing'].map((state) => `list/production/eu ${state}`));
    first.behaviour = 'fails';
    await turn(goes);
    await turn(comes);
    for (let n = 0; n < 30; n++) await turn(() => undefined);
    const [ended, ...again] = take(ops).filter(ofEu);
    expect(ended).toBe('list/production/eu resolved');
    expect(new Set(again)).toEqual(new Set(['list/production/eu firing']));
    take(first);
    first.behaviour = 'takes';
    for (let n = 0; n < 30; n++) await turn(() => undefined);
    const late = take(first).filter(ofEu);
    expect(new Set(late), 'of an end that it missed').toEqual(new Set(['list/production/eu firing']));
    expect(await listReceivers(place.context.db)).toMatchObject([{ waiting: 0 }, { waiting: 0 }]);
  });
});

describe('a receiver of events', () => {
  it('hears of each step once and in order, whoever took it', async () => {
    const siem = recorder('siem', 'events');
    await using place = await openAlerting([siem]);
    deploy(place.watched, 'eu');
    await place.tick();
    siem.behaviour = 'dies';
    place.watched.place.undeploy('eu');
    await place.watched.tick();
    await expect(place.deliver()).rejects.toThrow('killed');
    siem.behaviour = 'takes';
    place.advance(3 * MINUTE);
    await place.deliver();
    await place.deliver();
    expect(take(siem), 'what it took just before the end of the process it may hear twice').toEqual([
      'list/production/eu fired',
      'list/production/eu resolved',
      'list/production/eu resolved',
    ]);
  });
});

describe('a receiver that fails', () => {
  it('keeps no other waiting, is told to the others, and hears later what it missed', async () => {
    const [ops, siem] = [recorder('ops', 'states'), recorder('siem', 'events')];
    await using place = await openAlerting([ops, siem]);
    siem.behaviour = 'fails';
    deploy(place.watched, 'eu');
    await place.tick();
    expect(take(ops)).toEqual(['list/production/eu firing']);
    const [row] = await place.watched.firing();
    expect(await deliveriesOf(place.context.db, [row?.id ?? 0])).toMatchObject([
      { receiver: 'ops', pending: false, failure: null },
      { receiver: 'siem', pending: true, failure: 'siem is away', toldAt: null },
    ]);
    for (let tick = 0; tick < 5; tick++) {
      place.advance(30 * SECOND);
      await place.tick();
    }
    expect(take(ops)).toContain('*/siem firing');
    siem.behaviour = 'takes';
    place.advance(15 * MINUTE);
    await place.tick();
    await place.tick();
    expect(take(siem)).toEqual(['list/production/eu fired']);
    expect(take(ops)).toContain('*/siem resolved');
    expect(await listReceivers(place.context.db)).toMatchObject([
      { name: 'ops', failingSince: null, waiting: 0 },
      { name: 'siem', failingSince: null, waiting: 0 },
    ]);
  });

  it.each([
    ['events', 'at least each quarter of an hour', 6, 16],
    ['states', 'and as often as it is told again what fires, which would seem over otherwise', 60, 70],
  ] as const)('and takes %s is asked less and less often, %s', async (takes, _often, least, most) => {
    const ops = recorder('ops', takes);
    let tries = 0;
    const counting = {
      ...ops,
      send: async () => Promise.reject(new CountersignError('unavailable', String(++tries))),
    };
    await using place = await openAlerting([counting as unknown as Recorder]);
    deploy(place.watched, 'eu');
    await place.tick();
    for (let second = 0; second < 3600; second += 10) {
      place.advance(10 * SECOND);
      await place.deliver();
    }
    expect(tries).toBeGreaterThan(least);
    expect(tries).toBeLessThan(most);
  });

  it.each([
    ['events', 'fired', 'resolved'],
    ['states', 'firing', 'resolved'],
  ] as const)(
    'and takes %s hears of everything but what it refuses, and is told of until it takes that',
    async (takes, began, ended) => {
      const [ops, other] = [recorder('ops', takes), recorder('other', 'events')];
      let refuses = true;
      const refusing: Recorder = {
        ...ops,
        send: (notices, now) => {
          const isBad = notices.some(({ alert }) => alert.finding.deployment.includes('bad'));
          if (isBad && refuses)
            throw new CountersignError('invalid_input', 'ops answered with the status 400');
          return ops.send(notices, now);
        },
      };
      await using place = await openAlerting([refusing, other]);
      const ofPlaces = () => [...new Set(take(ops).filter((line) => line.startsWith('list')))].sort();
      for (const name of ['bad-1', 'bad-2', 'eu']) deploy(place.watched, name);
      await place.tick();
      expect(ofPlaces()).toEqual([`list/production/eu ${began}`]);
      for (let hour = 0; hour < 4; hour++) {
        deploy(place.watched, `us-${hour}`);
        place.watched.place.undeploy(`us-${hour - 1}`);
        place.advance(60 * MINUTE);
        await place.tick();
      }
      const news = [0, 1, 2, 3].map((hour) => `list/production/us-${hour} ${began}`);
      const over = [0, 1, 2].map((hour) => `list/production/us-${hour} ${ended}`);
      expect(ofPlaces()).toEqual(expect.arrayContaining([...news, ...over]));
      expect(take(other)).toContain('*/ops fired');
      expect(await listReceivers(place.context.db)).toMatchObject([
        { name: 'ops', waiting: 2, failure: 'ops answered with the status 400' },
        { name: 'other', failingSince: null },
      ]);
      refuses = false;
      place.advance(15 * MINUTE);
      await place.tick();
      expect(ofPlaces()).toEqual(
        expect.arrayContaining([`list/production/bad-1 ${began}`, `list/production/bad-2 ${began}`]),
      );
      await place.tick();
      expect(await listReceivers(place.context.db)).toMatchObject([
        { name: 'ops', waiting: 0, failingSince: null, failure: null },
        { name: 'other' },
      ]);
      expect(take(other)).toContain('*/ops resolved');
    },
  );

  it('refuses all of much is let rest before it is asked for each', async () => {
    const ops = recorder('ops', 'states');
    let tries = 0;
    const refusing: Recorder = {
      ...ops,
      send: async () => Promise.reject(new CountersignError('invalid_input', String(++tries))),
    };
    await using place = await openAlerting([refusing]);
    for (let n = 0; n < 40; n++) deploy(place.watched, `eu-${n}`);
    await place.tick();
    expect(tries).toBeLessThan(25);
  });

  it('or wants nothing any more is asked nothing until its address is another', async () => {
    const [ops, siem] = [recorder('ops', 'states'), recorder('siem', 'events')];
    await using place = await openAlerting([ops, siem]);
    siem.behaviour = 'gone';
    deploy(place.watched, 'eu');
    await place.tick();
    siem.behaviour = 'takes';
    place.advance(MINUTE);
    await place.tick();
    expect(take(siem)).toEqual([]);
    expect(take(ops)).toContain('*/siem firing');
    await beginRouting(place.context);
    await place.deliver();
    expect(take(siem), 'a restart alone changes nothing').toEqual([]);
    const moved = recorder('siem', 'events', 'elsewhere');
    const context = { ...place.context, alerting: { ...place.context.alerting, receivers: [ops, moved] } };
    await beginRouting(context);
    place.advance(3 * MINUTE);
    while ((await tellReceiver(context, moved)).told > 0);
    expect(take(moved)).toEqual(['list/production/eu fired']);
  });
});

describe('what becomes critical', () => {
  it('is told to those too who are told of what is critical, and on to those who were told before', async () => {
    const [chat, pager] = [recorder('chat', 'events'), recorder('pager', 'events')];
    const every = { kinds: ['*'], environments: ['*'], owners: ['*'] } as const;
    const routes = [{ ...every, severities: ['critical'], to: ['pager'] } as const];
    await using place = await openAlerting([chat, pager], { fallback: ['chat'], routes });
    const { clock, trust } = place.watched.governance;
    const edition = { version: 1, issuedAt: clock.now(), validUntil: later(clock.now(), 10 * DAY) };
    Object.assign(trust.policy, { edition });
    await place.tick();
    expect([take(chat), take(pager)]).toEqual([['*/trust-policy fired'], []]);
    place.advance(10 * DAY);
    await place.tick();
    await place.tick();
    expect([take(chat), take(pager)]).toEqual([
      ['*/trust-policy changed'],
      ['*/trust-policy fired', '*/trust-policy changed'],
    ]);
  });
});

describe('what nobody acknowledges', () => {
  const levels = [{ severity: 'critical', after: 15 * MINUTE, to: ['second'], people: ['mira'] }] as const;

  it('is told to the next ones in time, once, and no more after somebody has', async () => {
    const [first, second] = [recorder('first', 'events'), recorder('second', 'events')];
    await using place = await openAlerting([first, second], { fallback: ['first'], levels });
    deploy(place.watched, 'eu');
    deploy(place.watched, 'us');
    await place.tick();
    const [, us] = await place.watched.firing();
    const taken = {
      findingId: us?.id ?? 0,
      action: { kind: 'acknowledge' },
      actor: 'mira',
      source: 'x',
    } as const;
    expect(await handleFinding(place.context, taken)).toMatchObject({ ok: true });
    place.advance(15 * MINUTE);
    await place.tick();
    await place.tick();
    expect(take(second)).toEqual(['list/production/eu fired', 'list/production/eu escalated']);
    expect(take(first)).toEqual([
      'list/production/eu fired',
      'list/production/us fired',
      'list/production/eu escalated',
      'list/production/us acknowledged',
    ]);
  });
});
