import type { SlackMessage } from '../../../src/demo/slack/index.ts';
import { findApprovalRequest } from '../../../src/storage/index.ts';
import { requestOf } from '../../api/open-api.ts';
import { textOf } from '../bot-harness.ts';
import { SLACK_USERS } from '../bot-story.ts';
import { apiOf, confirmedToken } from '../person-api.ts';
import { decided, direct, press, recorded, send, shown } from './acts.ts';
import type { Story } from './bot.ts';

const approvalByForm: Story = {
  name: 'a form that approves is taken once',
  signs: ['approval-decision/v1'],
  begin: async (harness, modelVersion) => {
    const { card, requestId } = await harness.ask({ modelVersion });
    await press(harness, 'lea', card, 'Approve…');
    const says = 'Recorded: you approved';
    const shows = `✅ <@${SLACK_USERS.lea}>`;
    return {
      act: send(harness, 'lea', {}),
      outcome: recorded(harness, { requestId, card, user: 'lea', says, shows }),
    };
  },
  comes: { decisions: ['lea approved'], ...shown },
};

const rejection: Story = {
  name: 'a rejection is recorded once, and its submitter told once',
  signs: ['approval-decision/v1'],
  begin: async (harness, modelVersion) => {
    const { card, requestId } = await harness.ask({ modelVersion });
    await press(harness, 'cora', card, 'Reject…');
    const says = 'Recorded: you rejected';
    const outcome = recorded(harness, { requestId, card, user: 'cora', says, shows: '> No plan.' });
    const news = () =>
      direct(harness, 'sam').filter((text) => text.includes(`fraud-detection@${modelVersion}`));
    return {
      act: send(harness, 'cora', { text: 'No plan.' }),
      outcome: async () => ({ answer: await outcome(), news: news().length }),
    };
  },
  comes: { answer: { decisions: ['cora rejected'], ...shown }, news: 1 },
};

const withdrawal: Story = {
  name: 'a decision that is withdrawn stays so',
  signs: ['approval-withdrawal/v1'],
  begin: async (harness, modelVersion) => {
    const { card, requestId } = await harness.ask({ modelVersion });
    await harness.click('lea', card);
    const receipt = harness.slack.ephemerals(SLACK_USERS.lea).at(-1) as SlackMessage;
    const says = 'no longer counts';
    return {
      act: () => press(harness, 'lea', receipt, 'Withdraw…'),
      outcome: recorded(harness, { requestId, card, user: 'lea', says, shows: 'Approval needed' }),
    };
  },
  comes: { decisions: [], ...shown },
};

const bodyOf = async (answer: Promise<Response>) => (await answer).json() as Promise<{ recorded?: boolean }>;

const answerByApi: Story = {
  name: 'an answer by API is recorded once, and its caller told so',
  signs: ['approval-decision/v1'],
  begin: async (harness, modelVersion) => {
    const { db } = harness.story.context;
    const { card, requestId } = await harness.ask({ modelVersion });
    const secret = await confirmedToken(harness, 'lea');
    const view = (await findApprovalRequest(db, requestId))?.viewDigest;
    const answers: Promise<Response>[] = [];
    const body = JSON.stringify({ decision: 'approved', view });
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    const request = () =>
      requestOf(`/api/v1/approvals/${requestId}/decisions`, { method: 'POST', headers, body });
    const waiting = db.selectFrom('inbox').select('id').where('processed_at', 'is', null);
    return {
      act: async () => {
        answers.push(Promise.resolve(apiOf(harness).fetch(request())));
        while ((await waiting.execute()).length === 0);
        return true;
      },
      outcome: async () => ({
        decisions: await decided(harness, requestId),
        isRecorded: (await Promise.all(answers.map(bodyOf))).map(({ recorded: isRecorded }) => isRecorded),
        isShown: textOf(harness.now(card)).includes(`✅ <@${SLACK_USERS.lea}>`),
      }),
    };
  },
  comes: {
    decisions: ['lea approved'],
    isRecorded: [true],
    isShown: true,
  },
};

const approvalByClick: Story = {
  name: 'a click that approves at once is taken once',
  signs: ['approval-decision/v1'],
  begin: async (harness, modelVersion) => {
    const { card, requestId } = await harness.ask({ modelVersion });
    const says = 'ou approved';
    const shows = `✅ <@${SLACK_USERS.lea}>`;
    return {
      act: () => press(harness, 'lea', card, 'Approve'),
      outcome: recorded(harness, { requestId, card, user: 'lea', says, shows }),
    };
  },
  comes: { decisions: ['lea approved'], ...shown },
};

/** Answers to requests, by a form and by API. */
export const DECIDING = [approvalByForm, rejection, withdrawal, answerByApi];
/** Those of a pipeline that is content with a click. */
export const QUICK = [approvalByClick];
