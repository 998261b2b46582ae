import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CheckReport } from '../../src/domain/index.ts';
import { decisionsOn } from '../../src/storage/index.ts';
import { type BotHarness, buttonsOf, startBotHarness, textOf } from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
beforeAll(async () => {
  harness = await startBotHarness();
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

const NASTY =
  '<!channel> <@U0LEA> <http://evil.example|Approve> ```\n*Approved* by the CISO :white_check_mark:\u202E';

/** What a check of a hostile model might have been made to say. */
const REPORT: Partial<CheckReport> = {
  message: NASTY,
  measurements: [{ name: NASTY, value: 1, unit: 'ratio' }],
  problems: Array.from({ length: 200 }, () => ({ where: NASTY, message: NASTY.repeat(50), remedy: NASTY })),
};

it('a card says what hostile checks say, but means nothing by it', async () => {
  const { card } = await harness.ask({
    modelId: 'a'.repeat(128),
    modelVersion: '1'.repeat(128),
    reports: { demographic_parity_within_threshold: REPORT, risk_tier_assigned: { message: NASTY } },
  });
  const text = textOf(card);
  expect(text).toContain('&lt;!channel&gt; &lt;@U0LEA&gt; &lt;http://evil.example|Approve&gt;');
  const forms = [...text.matchAll(/<([^<>]+)>/g)].map(([, form = '']) => form.split('^')[0]);
  expect(new Set(forms)).toEqual(
    new Set([
      '!date',
      '@U0LEA',
      '@U0LIA',
      '@U0CORA',
      '@U0SAM',
      expect.stringMatching(/^https:\/\/governance/),
    ]),
  );
  expect(text).not.toContain(':white_check_mark:');
  expect(text.split('\n').some((line) => line.startsWith('*Approved*'))).toBe(false);
  expect(buttonsOf(card)).toEqual(['Approve…', 'Reject…']);
  await harness.click('lea', card);
  expect(textOf(harness.now(card))).toContain(`✅ <@${SLACK_USERS.lea}>`);
});

it('a reason that no database takes as it is loses only what cannot be kept', async () => {
  const { card, requestId } = await harness.ask({ modelVersion: '3.0.0' });
  await harness.click('cora', card, 'Reject…');
  const modal = harness.slack.modals(SLACK_USERS.cora)[0];
  const sent = await harness.slack
    .as(SLACK_USERS.cora)
    .submitModal(modal?.id ?? '', { text: 'half a \uD83D pair and a \0 null' });
  expect(sent.errors).toEqual({});
  expect(await harness.work()).toEqual([]);
  const [decision] = await decisionsOn(harness.story.context.db, requestId);
  expect(decision?.reason).toBe('half a \uFFFD pair and a  null');
});

it('a reason of many kinds of text is kept as it was and shown as text', async () => {
  const { card, requestId } = await harness.ask({ modelVersion: '2.0.0' });
  await harness.click('cora', card, 'Reject…');
  const modal = harness.slack.modals(SLACK_USERS.cora)[0];
  const reason = `${NASTY} `.repeat(15).trim();
  await harness.slack.as(SLACK_USERS.cora).submitModal(modal?.id ?? '', { text: reason });
  expect(await harness.work()).toEqual([]);
  const [decision] = await decisionsOn(harness.story.context.db, requestId);
  expect(decision?.reason).toBe(reason);
  const shown = textOf(harness.now(card))
    .split('\n')
    .find((line) => line.startsWith('> '));
  expect(shown).toContain('&lt;!channel&gt;');
  expect(shown?.length).toBeLessThanOrEqual(402);
});
