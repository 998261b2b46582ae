import { expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../src/lib/index.ts';
import type { Event } from './event.ts';
import { revoke, standings } from './happenings.ts';
import { CHURN, FRAUD, NEXT, unrecorded, unstaged } from './models.ts';
import { document, override, overrideNotice } from './override.ts';
import { expectRenewed, reportUnchanged } from './renewed.ts';
import { bytesOf } from './stage.ts';

/** The afternoon, and two weeks more, for governance ends slowly: an override, a revocation, an end and its renewal. */
export const GOVERNED: readonly Event[] = [
  {
    after: MINUTE,
    what: 'the next version is deployed everywhere before people have answered',
    happens: ({ serving }) => serving.serve('stable', NEXT, bytesOf(NEXT)),
    fires: ['missing_record stable'],
    alarms: unrecorded(NEXT),
  },
  {
    after: MINUTE,
    what: 'an officer overrides it: it is green, with a notice of its own',
    happens: async (stage) => {
      await override(stage, NEXT);
      expect(overrideNotice(stage)).toContain('Override in force');
      await stage.tick();
      expect(await standings(stage)).toMatchObject({ stable: 'overridden', churn: 'governed' });
    },
    ends: ['missing_record stable'],
    alarms: [],
  },
  {
    after: 5 * HOUR,
    what: 'the override ends',
    fires: ['missing_record stable'],
    alarms: unrecorded(NEXT),
  },
  {
    after: HOUR,
    what: 'people approve the version',
    happens: async (stage) => {
      expect(overrideNotice(stage)).toContain('Override ended');
      await stage.approve(NEXT);
    },
    ends: ['missing_record stable'],
    alarms: [],
  },
  {
    after: DAY,
    what: 'the trust policy revokes its bytes',
    happens: (stage) => revoke(stage, NEXT),
    fires: ['missing_record stable'],
    alarms: unstaged(NEXT),
  },
  {
    after: 5 * MINUTE,
    what: 'the version before is deployed again',
    happens: ({ serving }) => serving.serve('stable', FRAUD, bytesOf(FRAUD)),
    ends: ['missing_record stable'],
    alarms: [],
  },
  {
    after: 2 * DAY,
    what: 'nobody has written down what the override was for',
    fires: ['override_undocumented */fraud-detection@4.2.0'],
    alarms: ['GovernanceFindingCritical override_undocumented'],
  },
  {
    after: HOUR,
    what: 'the officer does',
    happens: document,
    ends: ['override_undocumented */fraud-detection@4.2.0'],
    alarms: [],
  },
  {
    after: 3 * DAY,
    what: 'two weeks are left of the governance of two models; that of the one of which CI reports no change is renewed',
    happens: reportUnchanged,
    fires: ['approval_expiring churn'],
  },
  {
    after: 7 * DAY,
    what: 'one week is left: the pipeline is run again, and people are asked',
    happens: expectRenewed,
    steps: [
      'approval_expiring churn changed',
      'approval_expiring churn run_asked',
      'approval_expiring churn run_queued',
    ],
  },
  { after: 5.75 * DAY, what: 'one day is left', steps: ['approval_expiring churn changed'] },
  {
    after: 0.8 * DAY,
    what: 'governance ends',
    ends: ['approval_expiring churn'],
    fires: ['approval_expired churn'],
  },
  {
    after: HOUR,
    what: 'people renew it',
    happens: ({ approve }) => approve(CHURN),
    ends: ['approval_expired churn'],
  },
  { after: DAY, what: 'nothing happens' },
];
