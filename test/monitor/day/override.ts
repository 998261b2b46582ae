import { expect } from 'vitest';
import { DOCUMENT_OVERRIDE_ACTION } from '../../../src/notify/index.ts';
import { APPROVALS, textOf } from '../../support/bot-harness.ts';
import { SLACK_USERS } from '../../support/bot-story.ts';
import type { Stage } from './stage.ts';

const { otto } = SLACK_USERS;

/** Has an officer override a version for four hours, by the command and its form. */
export async function override(stage: Stage, model: string): Promise<void> {
  const { slack } = stage.harness;
  await slack.as(otto).slashCommand('/governance', `override ${model}`, APPROVALS);
  await expect.poll(() => slack.modals(otto)[0], { timeout: 20_000 }).toBeDefined();
  const values = { reason: 'Payments fail.', reference: 'INC-17', hours: '4' };
  await sendForm(stage, values);
}

/** Has the officer document the override, by the button of its card. */
export async function document(stage: Stage): Promise<void> {
  const { slack } = stage.harness;
  const { channel, ts } = overrideCard(stage);
  await slack.as(otto).clickButton({ channel, ts, actionId: DOCUMENT_OVERRIDE_ACTION });
  await stage.settle();
  await sendForm(stage, { documentation: 'Payments were down.' });
}

/** The title of the override's own notice, as it stands. */
export function overrideNotice(stage: Stage): string {
  return overrideCard(stage).text;
}

async function sendForm(stage: Stage, values: Readonly<Record<string, string>>): Promise<void> {
  const { slack } = stage.harness;
  const { errors } = await slack.as(otto).submitModal(slack.modals(otto)[0]?.id ?? '', values);
  expect(errors).toEqual({});
  await stage.settle();
}

function overrideCard({ harness }: Stage) {
  const card = harness.slack.messages(APPROVALS).findLast((message) => textOf(message).includes('verrid'));
  if (card === undefined) throw new Error('no card of an override was posted');
  return card;
}
