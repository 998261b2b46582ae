import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY } from '../../src/lib/index.ts';
import { lapseRequests } from '../../src/services/index.ts';
import { type BotHarness, buttonsOf, startBotHarness, textOf } from '../support/bot-harness.ts';

let harness: BotHarness;
beforeEach(async () => {
  harness = await startBotHarness();
});
afterEach(() => harness[Symbol.asyncDispose]());

it('a card whose time ran out says so by itself: nobody has to click it first', async () => {
  const { card } = await harness.ask();
  harness.story.advance(365 * DAY);
  expect(await lapseRequests(harness.story.context)).toBe(1);
  expect(await harness.work()).toEqual([]);
  expect(textOf(harness.now(card))).toContain('⌛ Lapsed');
  expect(buttonsOf(harness.now(card))).toEqual([]);
});
