import { digestOf } from '../../../src/domain/index.ts';
import { HOUR, MINUTE } from '../../../src/lib/index.ts';
import type { Event } from './event.ts';
import { CHURN, FRAUD, LOANS, NEXT, UNKNOWN, unrecorded, unstaged } from './models.ts';
import { bytesOf } from './stage.ts';

/** The morning: versions are deployed, rolled back and swapped. */
export const DEPLOYED: readonly Event[] = [
  {
    after: 0,
    what: 'what is governed is deployed',
    happens: ({ serving }) => {
      serving.serve('stable', FRAUD, bytesOf(FRAUD));
      serving.serve('churn', CHURN, bytesOf(CHURN));
      serving.serve('loans', LOANS, bytesOf(LOANS));
    },
  },
  {
    after: 10 * MINUTE,
    what: 'a version is deployed that nobody submitted',
    happens: ({ serving }) => serving.serve('shadow', UNKNOWN, bytesOf(UNKNOWN)),
    fires: ['missing_record shadow'],
    alarms: unstaged(UNKNOWN),
  },
  {
    after: 20 * MINUTE,
    what: 'it is taken away',
    happens: ({ serving }) => serving.withdraw('shadow'),
    ends: ['missing_record shadow'],
    alarms: [],
  },
  {
    after: HOUR,
    what: 'a canary serves the next version, for which people are still asked',
    happens: async ({ serving, submit }) => {
      await submit(NEXT);
      serving.serve('canary', NEXT, bytesOf(NEXT));
    },
    fires: ['missing_record canary'],
    alarms: unrecorded(NEXT),
  },
  {
    after: 15 * MINUTE,
    what: 'the canary is rolled back',
    happens: ({ serving }) => serving.withdraw('canary'),
    ends: ['missing_record canary'],
    alarms: [],
  },
  {
    after: HOUR,
    what: 'bytes are swapped under the same name',
    happens: ({ serving }) => serving.serve('stable', FRAUD, digestOf('swapped')),
    fires: ['hash_mismatch stable'],
    steps: ['hash_mismatch stable blocked'],
    orders: ['block stable'],
    alarms: ['GovernanceHashMismatch stable', 'GovernanceRecordMismatch 4.1.2'],
  },
  {
    after: 5 * MINUTE,
    what: 'they are swapped again',
    happens: ({ serving }) => serving.serve('stable', FRAUD, digestOf('swapped again')),
    steps: ['hash_mismatch stable changed'],
  },
  {
    after: 20 * MINUTE,
    what: 'the governed bytes are put back',
    happens: ({ serving }) => serving.serve('stable', FRAUD, bytesOf(FRAUD)),
    ends: ['hash_mismatch stable'],
    steps: ['hash_mismatch stable released'],
    orders: ['release stable'],
    alarms: [],
  },
];
