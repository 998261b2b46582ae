import { digestOf } from '../../../src/domain/index.ts';
import { HOUR } from '../../../src/lib/index.ts';
import {
  delegationsOf,
  escalateRequests,
  stopDelegation,
  withdrawRequest,
} from '../../../src/services/index.ts';
import { decisionsOn, findApprovalRequestOfRun } from '../../../src/storage/index.ts';
import { APPROVALS, buttonsOf } from '../bot-harness.ts';
import { SLACK_USERS } from '../bot-story.ts';
import { issueToken, tokenMessage } from '../person-api.ts';
import { direct, press } from './acts.ts';
import type { Story } from './bot.ts';

type User = keyof typeof SLACK_USERS;

const delegation: Story = {
  name: 'a delegation is given once, and both sides told once',
  signs: ['delegation/v1'],
  begin: async (harness) => {
    const { context } = harness.story;
    const [lea, nora] = [direct(harness, 'lea').length, direct(harness, 'nora').length];
    const order = 'delegate @nora until 3d';
    return {
      act: async () =>
        (await harness.slack.as(SLACK_USERS.lea).slashCommand('/governance', order, APPROVALS)).acknowledged,
      outcome: async () => ({
        given: (await delegationsOf(context, 'lea')).map(({ delegate }) => delegate),
        told: [direct(harness, 'lea').length - lea, direct(harness, 'nora').length - nora],
      }),
      end: async () => {
        await stopDelegation(context, { delegator: 'lea', assurance: 'slack_command' });
        await harness.work();
      },
    };
  },
  comes: { given: ['nora'], told: [1, 1] },
};

const token: Story = {
  name: 'a token is confirmed, by the message that asked about it',
  signs: [],
  begin: async (harness) => {
    const before = direct(harness, 'lea').length;
    await issueToken(harness, 'lea');
    const asking = tokenMessage(harness, 'lea');
    return {
      act: () => press(harness, 'lea', asking, 'Confirm'),
      outcome: async () => ({
        buttons: buttonsOf(harness.now(asking)),
        messages: direct(harness, 'lea').length - before,
      }),
    };
  },
  comes: { buttons: ['Revoke'], messages: 1 },
};

const card: Story = {
  name: 'a card is posted once, and is the one that counts',
  signs: ['approval-decision/v1'],
  begin: async ({ slack, story, click }, modelVersion) => {
    const before = slack.messages(APPROVALS).length;
    const artifact = digestOf(`bytes of ${modelVersion}`);
    const run = await story.submit({ modelId: 'fraud-detection', modelVersion, artifact });
    return {
      outcome: async () => {
        const cards = slack.messages(APPROVALS).slice(before);
        const request = await findApprovalRequestOfRun(story.context.db, run.id);
        for (const posted of cards) await click('lea', posted);
        const decisions = await decisionsOn(story.context.db, request?.id ?? '');
        return { cards: cards.length, decisions: decisions.length };
      },
    };
  },
  comes: { cards: 1, decisions: 1 },
};

const escalation: Story = {
  name: 'a request that nobody answers is put to people once',
  signs: [],
  begin: async (harness, modelVersion) => {
    const { context } = harness.story;
    const name = { modelId: 'fraud-detection', modelVersion };
    await harness.ask(name);
    harness.story.advance(2 * HOUR);
    await escalateRequests(context);
    const asked = (user: User) => direct(harness, user).filter((text) => text.includes(modelVersion)).length;
    return {
      outcome: async () => ({ lea: asked('lea'), cora: asked('cora') }),
      end: async () => {
        await withdrawRequest(context, { name, person: 'sam' });
        await harness.work();
      },
    };
  },
  comes: { lea: 1, cora: 1 },
};

/** What people are told and asked. */
export const TELLING = [delegation, token, card];
/** What they are asked when hours have passed. */
export const ASKING = [escalation];
