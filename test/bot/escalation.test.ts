import { afterEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../src/lib/index.ts';
import { approvalStatus, decideApproval, escalateRequests } from '../../src/services/index.ts';
import { escalationsOf, saveAccount } from '../../src/storage/index.ts';
import { type BotHarness, buttonsOf, startBotHarness, textOf } from '../support/bot-harness.ts';
import { SLACK_USERS, type StoryOptions, TEAM } from '../support/bot-story.ts';

let harness: BotHarness;
afterEach(() => harness[Symbol.asyncDispose]());

const BACKUP: StoryOptions = { entries: { lia: { backupFor: ['ml_lead'] } } };

/** Lets hours pass, and does what follows. */
async function pass(hours: number): Promise<void> {
  harness.story.advance(hours * HOUR);
  await escalateRequests(harness.story.context);
  expect(await harness.work()).toEqual([]);
}
const inbox = (user: keyof typeof SLACK_USERS) => harness.slack.messages(SLACK_USERS[user]);
const escalations = async (requestId: string) =>
  (await escalationsOf(harness.story.context.db, requestId)).map(({ hop, outcome, asked }) => ({
    hop,
    outcome,
    asked,
  }));

/** A time zone whose clocks show an hour of the day. */
function zoneWhereItIs(hour: number, now: string): string {
  const ahead = ((hour - new Date(now).getUTCHours() + 36) % 24) - 12;
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** Approves by another way than Slack. */
async function approve(requestId: string, person: string): Promise<void> {
  const { context } = harness.story;
  const { request } = await approvalStatus(context, requestId);
  const answer = { requestId, person, decision: 'approved', view: request.viewDigest, reason: null } as const;
  expect(await decideApproval(context, { ...answer, assurance: 'api_token' })).toMatchObject({ ok: true });
}

describe('a request that nobody answers', () => {
  it('is put to those who can decide, again before it is due, then to backups, each hop once', async () => {
    harness = await startBotHarness(BACKUP);
    const { card, requestId } = await harness.ask();
    await pass(1.9);
    expect(inbox('lea')).toEqual([]);

    await pass(0.1);
    await pass(0);
    expect(inbox('lea').map(textOf)).toEqual([expect.stringContaining('Approval needed')]);
    expect(inbox('cora')).toHaveLength(1);
    for (const user of ['lia', 'sam', 'nora'] as const) expect(inbox(user)).toEqual([]);

    await pass(1.6);
    expect(inbox('lea')).toHaveLength(2);
    expect(textOf(inbox('lea')[1] ?? { text: '' })).toMatch(/still waits for you: an answer is due/);

    await pass(0.4);
    expect(inbox('lia').map(textOf)).toEqual([expect.stringContaining('Approval needed')]);
    expect(inbox('lea')).toHaveLength(2);
    const shown = textOf(harness.now(card));
    expect(shown).toMatch(/Escalated .*<@U0LIA> came in/);
    expect(shown).toMatch(/overdue|left\* as of/);
    const [, told] = harness.slack.messages(card.channel);
    expect(told?.thread_ts).toBe(card.ts);
    expect(textOf(told ?? { text: '' })).toContain(`Asked now: <@${SLACK_USERS.lia}>`);
    expect(await escalations(requestId)).toEqual([
      { hop: 'reminder-1', outcome: 'asked', asked: ['lea', 'cora'] },
      { hop: 'reminder-2', outcome: 'asked', asked: ['lea', 'cora'] },
      { hop: 'level-1', outcome: 'asked', asked: ['lia'] },
    ]);
  });

  it('can be answered from the direct message, and every copy then says so', async () => {
    harness = await startBotHarness(BACKUP);
    const { card } = await harness.ask();
    await pass(2);
    const [own] = inbox('lea');
    if (own === undefined) throw new Error('lea was not asked');
    await harness.click('lea', own);
    await harness.click('cora', harness.now(card));
    for (const copy of [harness.now(card), harness.now(own), ...inbox('cora')]) {
      expect(textOf(copy)).toContain('Approved');
      expect(buttonsOf(copy)).toEqual([]);
    }
  });

  it('asks nobody any more whose role is covered, and nobody at all once it is decided', async () => {
    harness = await startBotHarness(BACKUP);
    const { card } = await harness.ask();
    await harness.click('lea', card);
    await pass(2);
    expect(inbox('lea')).toEqual([]);
    expect(inbox('cora')).toHaveLength(1);
    await harness.click('cora', harness.now(card));
    await pass(10);
    expect(inbox('cora')).toHaveLength(1);
    expect(inbox('lia')).toEqual([]);
  });

  it('is silent about what was decided between the hop and its message', async () => {
    harness = await startBotHarness(BACKUP);
    const { requestId } = await harness.ask();
    harness.story.advance(2 * HOUR);
    expect(await escalateRequests(harness.story.context)).toBe(1);
    for (const person of ['lea', 'cora']) await approve(requestId, person);
    expect(await harness.work()).toEqual([]);
    expect(inbox('lea')).toEqual([]);
  });

  it('takes every level that came due while nothing ran, and only the last reminder', async () => {
    harness = await startBotHarness({
      ...BACKUP,
      approval: 'escalation: [{ after: 1, backups: true }, { after: 2, channel: model-alerts }]',
    });
    const { requestId } = await harness.ask();
    await pass(9);
    expect(await escalations(requestId)).toEqual([
      { hop: 'reminder-1', outcome: 'skipped', asked: [] },
      { hop: 'reminder-2', outcome: 'skipped', asked: [] },
      { hop: 'level-1', outcome: 'asked', asked: ['lia'] },
      { hop: 'level-2', outcome: 'nobody', asked: [] },
    ]);
    expect(harness.slack.messages('C0ALERTS').map(textOf)).toEqual([
      expect.stringContaining('There is nobody else who could decide'),
    ]);
  });

  it('is told in its thread where the channel that the pipeline names is not there, and the thread says so', async () => {
    harness = await startBotHarness({
      ...BACKUP,
      approval: 'escalation: [{ after: 1, backups: true, channel: no-such-channel }]',
    });
    const { card } = await harness.ask();
    await pass(4);
    const [, told, ...more] = harness.slack.messages(card.channel).map(textOf);
    expect(told).toContain(`Asked now: <@${SLACK_USERS.lia}>`);
    expect(told).toContain('`no-such-channel` could not be told');
    expect(more).toEqual([]);
    expect(textOf(harness.now(card))).toMatch(/Escalated .* came in/);
    expect(textOf(harness.now(card))).not.toContain('no-such-channel');
  });

  it('is put to people in their working hours, by the clocks of their Slack profile', async () => {
    harness = await startBotHarness({
      approval:
        'ask_in_working_hours_only: true, working_hours: { time_zone: UTC, from: "09:00", until: "17:00", days: [mon, tue, wed, thu, fri, sat, sun] }',
    });
    const { db, clock } = harness.story.context;
    await harness.ask();
    const zones = { lea: zoneWhereItIs(3, clock.now()), cora: zoneWhereItIs(12, clock.now()) };
    for (const [name, timeZone] of Object.entries(zones))
      await db
        .transaction()
        .execute((tx) =>
          saveAccount(
            tx,
            { team: TEAM, user: SLACK_USERS[name as keyof typeof zones] },
            { bar: null, timeZone, confirmedAt: clock.now() },
          ),
        );
    await pass(2);
    expect([inbox('lea').length, inbox('cora').length]).toEqual([0, 1]);
    await pass(4);
    expect(inbox('lea')[0]?.text).toContain('Approval needed');
  });

  it('is taken once by two processes at the same moment', async () => {
    harness = await startBotHarness(BACKUP);
    await harness.ask();
    harness.story.advance(2 * HOUR);
    const taken = await Promise.all([1, 2, 3].map(() => escalateRequests(harness.story.context)));
    expect(taken.reduce((sum, count) => sum + count)).toBe(1);
    await harness.work();
    expect(inbox('cora')).toHaveLength(1);
  });
});
