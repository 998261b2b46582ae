import { describe, expect, it } from 'vitest';
import {
  type AlertPolicy,
  dueLevels,
  type Finding,
  type FindingEvent,
  type FindingStep,
  ownerOf,
  receiverFailing,
  receiversOf,
} from '../../../src/domain/index.ts';
import { later, MINUTE } from '../../../src/lib/index.ts';
import { FINDING } from '../../notify/samples.ts';
import { policyOf } from '../../support/alerting.ts';

const ALL = { severities: ['*'], kinds: ['*'], environments: ['*'], owners: ['*'] } as const;
const POLICY: AlertPolicy = policyOf(['slack', 'pager', 'risk', 'siem'], {
  owners: [
    { owner: 'risk', models: ['fraud-detection'] },
    { owner: 'everybody', models: ['*'] },
  ],
  routes: [
    { ...ALL, severities: ['critical'], environments: ['production'], to: ['pager'] },
    { ...ALL, owners: ['risk'], to: ['risk', 'pager'] },
    { ...ALL, kinds: ['ledger_tampered'], to: ['siem'] },
  ],
  fallback: ['slack'],
});
const about = (rest: Partial<Finding>): Finding => ({ ...FINDING, ...rest });
const LEDGER = { environment: '*', modelId: '*', modelVersion: '*' } as const;

describe('who is told of a finding', () => {
  it.each([
    ['what several routes take: all of them, each once', about({}), ['pager', 'risk']],
    ['another model: the routes that take it', about({ modelId: 'churn' }), ['pager']],
    ['what no route takes: the fallback', about({ modelId: 'churn', severity: 'warning' }), ['slack']],
    ['of no environment: no route that names one', about({ ...LEDGER }), ['slack']],
    ['of the kind that a route names', about({ ...LEDGER, kind: 'ledger_tampered' }), ['siem']],
  ])('%s', (_what, finding, expected) => {
    expect(receiversOf(POLICY, finding)).toEqual(expected);
  });

  it('no receiver is told that it fails; where it is the only one, all the others are', () => {
    const failing = receiverFailing({ name: 'slack', failure: 'no', failingSince: null, goneAt: null });
    expect(receiversOf(POLICY, failing)).toEqual(['pager', 'risk', 'siem']);
    expect(receiversOf({ ...POLICY, fallback: ['slack', 'siem'] }, failing)).toEqual(['siem']);
    expect(receiversOf(policyOf(['slack']), failing)).toEqual([]);
  });

  it('a model is its first owner’s, and what is about no model is nobody’s', () => {
    expect(['fraud-detection', 'churn', '*'].map((modelId) => ownerOf(POLICY, { modelId }))).toEqual([
      'risk',
      'everybody',
      null,
    ]);
  });
});

const FIRED = '2026-11-23T11:00:00.000Z';
const at = (minutes: number) => later(FIRED, minutes * MINUTE);
const story = (...steps: readonly (readonly [number, FindingStep])[]): FindingEvent[] =>
  steps.map(([minutes, step], index) => ({ ...step, id: index + 1, at: at(minutes), person: null }));
const level = (after: number, to: string) =>
  ({ severity: 'critical', after: after * MINUTE, to: [to], people: [] }) as const;
const LEVELS = { levels: [level(60, 'management'), level(15, 'second')] };
const escalated = (number: number) => ({ kind: 'escalated', level: number, to: [], people: [] }) as const;

describe('a finding that nobody has acknowledged', () => {
  it.each<[string, FindingEvent[], number, number[]]>([
    ['is left alone before its time', [], 14.9, []],
    ['is escalated on the minute', [], 15, [1]],
    ['takes each level once', story([15, escalated(1)]), 59, []],
    ['takes the levels in the order of their times', story([15, escalated(1)]), 60, [2]],
    ['takes all that an outage kept from it', [], 600, [1, 2]],
    ['is silent once somebody has acknowledged it', story([10, { kind: 'acknowledged' }]), 600, []],
    [
      'is silent while it is muted, and counts anew from the end of that',
      story([10, { kind: 'muted', until: at(100), reason: 'x' }]),
      99,
      [],
    ],
    [
      'counts anew from the end of a mute',
      story([10, { kind: 'muted', until: at(100), reason: 'x' }], [100, { kind: 'mute_ended' }]),
      115,
      [1],
    ],
    [
      'counts anew when it got worse, also after it was acknowledged and escalated',
      story(
        [15, escalated(1)],
        [20, { kind: 'acknowledged' }],
        [30, { kind: 'changed', summary: 'x', worse: true }],
      ),
      45,
      [1],
    ],
  ])('%s', (_what, events, minutes, expected) => {
    const due = dueLevels(LEVELS, { severity: 'critical', firedAt: FIRED }, events, at(minutes));
    expect(due.map((one) => one.level)).toEqual(expected);
  });

  it('takes the levels of its own severity only', () => {
    expect(dueLevels(LEVELS, { severity: 'warning', firedAt: FIRED }, [], at(600))).toEqual([]);
  });
});
