import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Submission } from '../../src/demo/slack/index.ts';
import { MINUTE } from '../../src/lib/index.ts';
import { createInbox } from '../../src/services/index.ts';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  ARRIVAL_KEY,
  type Asked,
  BOT_TOKEN,
  type BotHarness,
  buttonValueOf,
  confirmationBody,
  SIGNING_SECRET,
  startBotHarness,
} from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
let asked: Asked;
beforeEach(async () => {
  harness = await startBotHarness();
  asked = await harness.ask();
});
afterEach(async () => {
  await harness[Symbol.asyncDispose]();
});

const run = (statement: string) => sql.raw(statement).execute(harness.story.context.db);
const press = (text: string) =>
  harness.slack.as(SLACK_USERS.lea).clickButton({ channel: asked.card.channel, ts: asked.card.ts, text });
const approve = (values = {}) => harness.approve('lea', asked.card, values);
const decisions = () => decisionsOn(harness.story.context.db, asked.requestId);

describe('when the inbox cannot be written', () => {
  beforeEach(() => run('alter table inbox rename to inbox_away'));

  it('the person is told that nothing was recorded, and nothing is', async () => {
    const { errors } = (await approve({ comment: 'Well done.' })) as Submission;
    expect(errors['comment']).toContain('Temporary failure: nothing was recorded. Send it again.');
    expect(harness.slack.modals(SLACK_USERS.lea)).toHaveLength(1);
    await run('alter table inbox_away rename to inbox');
    expect(await harness.work()).toEqual([]);
    expect(await decisions()).toEqual([]);
  });

  it('the form stays open with the reason that was typed', async () => {
    await press('Reject…');
    const modal = harness.slack.modals(SLACK_USERS.lea)[0];
    const sent = await harness.slack
      .as(SLACK_USERS.lea)
      .submitModal(modal?.id ?? '', { text: 'A long and careful reason.' });
    expect(sent.errors['reason']).toContain('nothing was recorded');
    expect(harness.slack.modals(SLACK_USERS.lea)).toHaveLength(1);
  });
});

describe('when the decision cannot be taken', () => {
  it('it is tried again while there is patience, and counts once the trouble is over', async () => {
    await run('alter table approval_decisions rename to decisions_away');
    const body = confirmationBody({ value: buttonValueOf(asked.card) });
    await harness.slack.rawRequest(harness.slack.sign(body));
    expect(await harness.work()).toHaveLength(1);
    expect(harness.told('lea')).toEqual([]);
    await run('alter table decisions_away rename to approval_decisions');
    harness.story.advance(2 * MINUTE);
    expect(await harness.work()).toEqual([]);
    expect(await decisions()).toHaveLength(1);
    expect(harness.told('lea')[0]).toContain('Recorded');
  });

  it('in the end its person is told, and then nothing is recorded any more', async () => {
    await run(`create function refuse_decision() returns trigger language plpgsql as
      $$ begin raise exception 'no decisions today'; end $$`);
    await run(`create trigger no_decisions before insert on approval_decisions
      for each row execute function refuse_decision()`);
    await approve();
    expect(await harness.work()).toHaveLength(1);
    harness.story.advance(2 * MINUTE);
    expect(await harness.work()).toEqual([]);
    expect(harness.told('lea')).toHaveLength(1);
    expect(harness.told('lea')[0]).toContain('Temporary failure: nothing was recorded');
    await run('drop trigger no_decisions on approval_decisions');
    harness.story.advance(120 * MINUTE);
    expect(await harness.work()).toEqual([]);
    expect(await decisions()).toEqual([]);
    await harness.click('lea', asked.card);
    expect(await decisions()).toHaveLength(1);
  });
});

it('an action in the inbox that this release does not know is set aside and logged', async () => {
  const { db } = harness.story.context;
  const inbox = createInbox({ ...harness.story.context, arrivalKey: ARRIVAL_KEY });
  await inbox.receive({ dedupeKey: 'k', payload: { type: 'delegate' } });
  const kept = db.selectFrom('inbox').select(['id', 'outcome']).where('dedupe_key', '=', 'k');
  const { id: inboxId } = await kept.executeTakeFirstOrThrow();
  await harness.bot.processors['answer-action']?.({ inboxId });
  expect(harness.log.some(({ message }) => message === 'an action in the inbox is not understood')).toBe(
    true,
  );
  expect((await kept.executeTakeFirst())?.outcome).toBe('not_understood');
});

it('no secret and no token reaches the log, whatever fails', async () => {
  harness.slack.faults.failNext('*', 500);
  harness.slack.faults.dropBeforeDelivery('*');
  harness.slack.faults.rateLimitNext('*', 1);
  await press('Reject…');
  await approve();
  await harness.work();
  const written = JSON.stringify(harness.log);
  expect(harness.log.length).toBeGreaterThan(0);
  expect(written).not.toContain(BOT_TOKEN);
  expect(written).not.toContain(SIGNING_SECRET);
  expect(written).not.toMatch(/xox[a-z]-/);
});
