import { vi } from 'vitest';
import { digestOf } from '../../../src/domain/index.ts';
import { HOUR } from '../../../src/lib/index.ts';
import { confirmOverride, grantOverride, previewOverride } from '../../../src/services/index.ts';
import { listOverrides } from '../../../src/storage/index.ts';
import { APPROVALS, type BotHarness, textOf } from '../bot-harness.ts';
import { SLACK_USERS, TEAM } from '../bot-story.ts';
import { direct, formOf, listen, press, send, shown } from './acts.ts';
import type { Story } from './bot.ts';

/** The overrides of a version, each with whose word it bears. */
async function overridden({ story }: BotHarness, modelVersion: string) {
  const rows = (await listOverrides(story.context.db)).filter((row) => row.modelVersion === modelVersion);
  return rows.map(({ person, confirmedBy, documentedBy }) => [person, confirmedBy, documentedBy]);
}

const overrideCards = ({ slack }: BotHarness, modelVersion: string) =>
  slack
    .messages(APPROVALS)
    .filter((said) => said.text.includes('Override') && said.text.includes(modelVersion));

/** An override of Otto's whose card stands in the channel. */
async function granted(harness: BotHarness, modelVersion: string) {
  const { context } = harness.story;
  await harness.ask({ modelVersion });
  const account = { team: TEAM, user: SLACK_USERS.otto };
  const scope = { modelId: 'fraud-detection', modelVersion, environment: 'production' };
  const by = { ...scope, person: 'otto', account };
  const view = (await previewOverride(context, by)).view ?? digestOf('nothing');
  const words = { wish: modelVersion, view, reason: 'Payments fail.', reference: null, duration: HOUR };
  const result = await grantOverride(context, { ...by, ...words });
  await harness.work();
  const [posted] = overrideCards(harness, modelVersion);
  if (!result.ok || posted === undefined) throw new Error('there is no override');
  return { overrideId: result.override.id, posted };
}

const grant: Story = {
  name: 'an override is granted once, with one card',
  signs: ['override/v1'],
  begin: async (harness, modelVersion) => {
    await harness.ask({ modelVersion });
    const officer = harness.slack.as(SLACK_USERS.otto);
    const known = new Set(harness.slack.modals(SLACK_USERS.otto).map(({ id }) => id));
    await officer.slashCommand('/governance', `override fraud-detection@${modelVersion}`, APPROVALS);
    const isOpen = () => !['', ...known].includes(formOf(harness, 'otto'));
    await vi.waitUntil(isOpen, { timeout: 20_000 });
    const isTold = listen(harness, 'otto', 'Recorded: you overrode');
    return {
      act: send(harness, 'otto', { reason: 'Payments fail.', reference: '', hours: '1' }),
      outcome: async () => ({
        overrides: await overridden(harness, modelVersion),
        cards: overrideCards(harness, modelVersion).length,
        isTold: isTold(),
      }),
    };
  },
  comes: { overrides: [['otto', null, null]], cards: 1, isTold: true },
};

const confirmation: Story = {
  name: 'an override is confirmed once, and those passed over told once',
  signs: ['override/v1'],
  begin: async (harness, modelVersion) => {
    const { posted } = await granted(harness, modelVersion);
    const isTold = listen(harness, 'olga', 'you confirmed the override');
    return {
      act: () => press(harness, 'olga', posted, 'Confirm'),
      outcome: async () => ({
        overrides: await overridden(harness, modelVersion),
        passedOver: direct(harness, 'lea').filter((text) => text.includes(modelVersion)).length,
        isTold: isTold(),
      }),
    };
  },
  comes: { overrides: [['otto', 'olga', null]], passedOver: 1, isTold: true },
};

const documentation: Story = {
  name: 'an override is documented once',
  signs: ['override-documentation/v1'],
  begin: async (harness, modelVersion) => {
    const { posted, overrideId } = await granted(harness, modelVersion);
    const account = { team: TEAM, user: SLACK_USERS.olga };
    await confirmOverride(harness.story.context, { overrideId, person: 'olga', account });
    await harness.work();
    await press(harness, 'otto', posted, 'Document…');
    const isTold = listen(harness, 'otto', 'you documented the override');
    return {
      act: send(harness, 'otto', { documentation: 'Payments were down.' }),
      outcome: async () => ({
        overrides: await overridden(harness, modelVersion),
        isTold: isTold(),
        isShown: textOf(harness.now(posted)).includes('> Payments were down.'),
      }),
    };
  },
  comes: { overrides: [['otto', 'olga', 'otto']], ...shown },
};

/** Overrides that need a second person. */
export const OVERRIDING = [grant, confirmation, documentation];
