import { expect } from 'vitest';
import { HOUR } from '../../../src/lib/index.ts';
import { listFindings } from '../../../src/storage/index.ts';
import { SLACK_USERS } from '../../support/bot-story.ts';
import type { Event } from './event.ts';
import { UNKNOWN, unstaged } from './models.ts';
import { UNANSWERED } from './receivers.ts';
import { bytesOf, type Stage } from './stage.ts';

/** The last hours: somebody mutes a finding, its mute ends, and nobody acknowledges it. */
export const HANDLED: readonly Event[] = [
  {
    after: HOUR,
    what: 'what nobody submitted is deployed once more, and somebody mutes it for two hours',
    happens: async (stage) => {
      stage.serving.serve('shadow', UNKNOWN, bytesOf(UNKNOWN));
      await stage.tick();
      await mute(stage);
    },
    fires: ['missing_record shadow'],
    steps: ['missing_record shadow muted'],
    alarms: unstaged(UNKNOWN),
  },
  { after: HOUR, what: 'muted, it is told to nobody again' },
  {
    after: HOUR,
    what: 'the mute is over',
    steps: ['missing_record shadow mute_ended'],
  },
  {
    after: UNANSWERED,
    what: 'nobody acknowledges it: others are told',
    steps: ['missing_record shadow escalated'],
  },
  { after: HOUR, what: 'they are told once' },
  {
    after: HOUR,
    what: 'it is taken away',
    happens: ({ serving }) => serving.withdraw('shadow'),
    ends: ['missing_record shadow'],
    alarms: [],
  },
];

async function mute({ harness, settle }: Stage): Promise<void> {
  const [row] = await listFindings(harness.database.db, { state: 'firing' });
  const command = `mute ${row?.id} for 2h because the rollback is under way`;
  await harness.slack.as(SLACK_USERS.lea).slashCommand('/governance', command, 'C0ALERTS');
  await settle();
  expect(row?.finding.kind).toBe('missing_record');
}
