import { describe, expect, it } from 'vitest';
import { dueHops, type EscalationPolicy, hopsOf } from '../../../src/domain/index.ts';
import { DAY, HOUR, later } from '../../../src/lib/index.ts';

const START = '2026-11-23T09:00:00.000Z';
const level = (after: number) => ({ after, backups: true, people: [], channel: null });
const POLICY: EscalationPolicy = {
  workingHours: null,
  reminders: [0.5, 0.9],
  levels: [level(1), level(2)],
  askingHours: null,
};
const hops = hopsOf({ requestedAt: START, expiresAt: later(START, DAY), sla: 4 * HOUR }, POLICY);
const due = (hours: number, ...done: string[]) => {
  const { take, skip } = dueHops(hops, new Set(done), later(START, hours * HOUR));
  return { take: take.map(({ id }) => id), skip: skip.map(({ id }) => id) };
};

describe('the hops of a request', () => {
  it('come at fractions of the time for an answer, in order', () => {
    expect(hops.map(({ id, at }) => [id, at])).toEqual([
      ['reminder-1', '2026-11-23T11:00:00.000Z'],
      ['reminder-2', '2026-11-23T12:36:00.000Z'],
      ['level-1', '2026-11-23T13:00:00.000Z'],
      ['level-2', '2026-11-23T17:00:00.000Z'],
    ]);
  });

  it('come in working time where the pipeline says so', () => {
    const workingHours = {
      timeZone: 'UTC',
      days: ['mon', 'tue'],
      from: 540,
      until: 660,
      holidays: [],
    } as const;
    const inBusiness = hopsOf(
      { requestedAt: START, expiresAt: later(START, 7 * DAY), sla: 4 * HOUR },
      { ...POLICY, workingHours },
    );
    expect(inBusiness.map(({ at }) => at)).toEqual([
      '2026-11-23T11:00:00.000Z',
      '2026-11-24T10:36:00.000Z',
      '2026-11-24T11:00:00.000Z',
    ]);
  });

  it('end with the request', () => {
    const short = hopsOf({ requestedAt: START, expiresAt: later(START, 4 * HOUR), sla: 4 * HOUR }, POLICY);
    expect(short.map(({ id }) => id)).toEqual(['reminder-1', 'reminder-2']);
  });
});

describe('what is due', () => {
  it.each([
    ['nothing before its time', 1.9, [], { take: [], skip: [] }],
    ['each at its time', 2, [], { take: ['reminder-1'], skip: [] }],
    ['nothing twice', 2, ['reminder-1'], { take: [], skip: [] }],
    ['one reminder for two that were missed', 3.7, [], { take: ['reminder-2'], skip: ['reminder-1'] }],
    [
      'every level after an outage, and no reminder',
      9,
      ['reminder-1'],
      {
        take: ['level-1', 'level-2'],
        skip: ['reminder-2'],
      },
    ],
  ])('%s', (_, hours, done, expected) => {
    expect(due(hours, ...done)).toEqual(expected);
  });
});
