import { expect } from 'vitest';
import { digestOf } from '../../../src/domain/index.ts';
import { HOUR, MINUTE } from '../../../src/lib/index.ts';
import type { Event } from './event.ts';
import { cutWhileLooking, killUntold, standings } from './happenings.ts';
import { FRAUD, UNKNOWN, unstaged } from './models.ts';
import { bytesOf, type Stage } from './stage.ts';

/** Noon: the source is away, and monitors come and go. */
export const FAILING: readonly Event[] = [
  {
    after: 30 * MINUTE,
    what: 'what nobody submitted is deployed again',
    happens: ({ serving }) => serving.serve('shadow', UNKNOWN, bytesOf(UNKNOWN)),
    fires: ['missing_record shadow'],
    alarms: unstaged(UNKNOWN),
  },
  {
    after: 10 * MINUTE,
    what: 'the source is away; behind it one thing is taken away and another one is swapped',
    happens: ({ serving }) => {
      serving.down = true;
      serving.withdraw('shadow');
      serving.serve('stable', FRAUD, digestOf('swapped'));
    },
    fires: ['source_stale */serving'],
    alarms: [...unstaged(UNKNOWN), 'GovernanceSourceStale serving'],
  },
  {
    after: HOUR,
    what: 'it stays away: nothing ends of which nobody knows, nothing is told again, and nothing is fresh',
    happens: async (stage) => {
      await stage.tick();
      const stale = {
        shadow: 'ungoverned, stale',
        stable: 'governed, stale',
        churn: 'governed, stale',
        loans: 'governed, stale',
      };
      expect(await standings(stage)).toEqual(stale);
    },
  },
  {
    after: 10 * MINUTE,
    what: 'the source is back',
    happens: ({ serving }) => {
      serving.down = false;
    },
    ends: ['source_stale */serving', 'missing_record shadow'],
    fires: ['hash_mismatch stable'],
    steps: ['hash_mismatch stable blocked'],
    orders: ['block stable'],
    alarms: ['GovernanceHashMismatch stable', 'GovernanceRecordMismatch 4.1.2'],
  },
  {
    after: MINUTE,
    what: 'both monitors are restarted, one after the other',
    happens: async ({ monitors: [one, other], tick }) => {
      await one.restart();
      await tick();
      await other.restart();
    },
  },
  {
    after: MINUTE,
    what: 'the leader loses its connection while it looks, and the other one takes over',
    happens: (stage) =>
      cutWhileLooking(stage, () => {
        stage.serving.serve('stable', FRAUD, bytesOf(FRAUD));
        stage.serving.serve('shadow', UNKNOWN, bytesOf(UNKNOWN));
      }),
    ends: ['hash_mismatch stable'],
    steps: ['hash_mismatch stable released'],
    orders: ['release stable'],
    fires: ['missing_record shadow'],
    alarms: unstaged(UNKNOWN),
  },
  {
    after: MINUTE,
    what: 'the leader is killed when it has noted what it found, and has told nobody',
    happens: async (stage) => {
      stage.serving.withdraw('shadow');
      await killUntold(stage);
    },
    ends: ['missing_record shadow'],
    alarms: [],
  },
  {
    after: 10 * MINUTE,
    what: 'it is started again, and stands by',
    happens: async ({ monitors }) => {
      await monitors.find(({ isAlive }) => !isAlive)?.restart();
    },
  },
  ...rolledOutAgain(),
  ...comesAndGoes(),
  {
    after: 31 * MINUTE,
    what: 'the source has stayed readable for half an hour',
    ends: ['source_stale */serving'],
  },
];

/** What is over and begins anew at once is told on each minute, the end and the beginning: nobody is to take it for over. */
function rolledOutAgain(): Event[] {
  const [missing, alarms] = ['missing_record shadow', unstaged(UNKNOWN)];
  const serve = ({ serving }: Stage) => serving.serve('shadow', UNKNOWN, bytesOf(UNKNOWN));
  const withdraw = ({ serving }: Stage) => serving.withdraw('shadow');
  return [
    { after: HOUR, what: 'it is rolled out', happens: serve, fires: [missing], alarms },
    { after: MINUTE / 2, what: 'it is rolled back', happens: withdraw, ends: [missing], alarms: [] },
    { after: MINUTE / 2, what: 'it is rolled out again', happens: serve, fires: [missing], alarms },
    { after: MINUTE / 2, what: 'it stays for minutes', happens: staysTold, alarms },
    { after: MINUTE / 2, what: 'it is gone', happens: withdraw, ends: [missing], alarms: [] },
  ];
}

async function staysTold(stage: Stage): Promise<void> {
  for (let half = 1; half <= 10; half++) {
    await stage.tick();
    const told = (await stage.alertmanager.alerts()).map(({ labels }) => labels['deployment']);
    expect(told, `for ${half} half minutes`).toContain('serving/production/shadow');
    stage.advance(MINUTE / 2);
  }
}

/** Four outages within minutes: two are told with their ends, the third one with the word that it comes and goes. */
function comesAndGoes(): Event[] {
  const stale = 'source_stale */serving';
  const told = [
    [{ fires: [stale] }, { ends: [stale] }],
    [{ fires: [stale] }, { ends: [stale] }],
    [{ fires: [stale] }, { steps: [`${stale} changed`] }],
    [{}, {}],
  ] as const;
  return told.flatMap(([away, back], index) => [
    {
      ...{ after: index === 0 ? 2 * HOUR : 3 * MINUTE, what: `outage ${index + 1}`, ...away },
      happens: ({ serving }) => void Object.assign(serving, { down: true }),
      alarms: ['GovernanceSourceStale serving'],
    },
    {
      ...{ after: 3 * MINUTE, what: `outage ${index + 1} is over`, ...back },
      happens: ({ serving }) => void Object.assign(serving, { down: false }),
      alarms: [],
    },
  ]);
}
