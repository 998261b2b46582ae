import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotHarness, startBotHarness } from '../support/bot-harness.ts';
import type { StoryOptions } from '../support/bot-story.ts';
import { type Story, tell } from '../support/killed/bot.ts';
import { DECIDING, QUICK } from '../support/killed/decisions.ts';
import { ASKING, TELLING } from '../support/killed/messages.ts';
import { OVERRIDING } from '../support/killed/overrides.ts';

// A bot is cut off from its database and from Slack after its first message, after its second, and so on: between any two
// steps. Whatever it had begun, another bot ends it, and the outcome is that of a bot that lives. Two steps of each story,
// spread over it; COUNTERSIGN_CUTS says how many, and `all` leaves none out.
const CUTS = Number(process.env['COUNTERSIGN_CUTS'] ?? 2) || Number.POSITIVE_INFINITY;

/** Steps of so many, spread over all of them. */
function someOf(steps: number): number[] {
  const stride = Math.max(1, Math.floor(steps / CUTS));
  return Array.from({ length: steps }, (_, step) => step).filter((step) => step % stride === stride >> 1);
}

const GROUPS: readonly (readonly [string, StoryOptions, readonly Story[]])[] = [
  ['decisions and messages', {}, [...DECIDING, ...TELLING]],
  ['what is decided by a click', { approval: 'confirmation: click' }, QUICK],
  ['overrides', { override: 'second_person: true' }, OVERRIDING],
  ['what people are asked later', {}, ASKING],
];

describe.each(GROUPS)('%s, wherever the bot dies', (_, options, stories) => {
  let harness: BotHarness;
  beforeAll(async () => {
    harness = await startBotHarness(options);
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  it.each(stories)('$name', { timeout: 300_000 }, async (story) => {
    const steps = await tell(harness, story, Number.POSITIVE_INFINITY);
    expect(steps).toBeGreaterThan(5);
    for (const step of someOf(steps)) await tell(harness, story, step);
  });
});
