import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { withdrawRequest } from '../../src/services/index.ts';
import { decisionsOn, findApprovalRequest } from '../../src/storage/index.ts';
import { problemOf } from '../api/open-api.ts';
import { type Asked, type BotHarness, buttonsOf, startBotHarness, textOf } from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';
import { askApi, confirmedToken } from '../support/person-api.ts';

let harness: BotHarness;
beforeAll(async () => {
  harness = await startBotHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

/** What ends a request while its form is open, what people are told then, and what its card says. */
const ENDINGS = {
  withdrawn: {
    end: ({ run }: Asked) => withdrawRequest(harness.story.context, { name: run, person: 'sam' }),
    told: 'was withdrawn',
    card: 'Withdrawn',
  },
  superseded: {
    end: ({ run: { modelId, modelVersion } }: Asked) =>
      harness.story.submit({ modelId, modelVersion, artifact: digestOf(`newer bytes of ${modelVersion}`) }),
    told: 'newer',
    card: 'Superseded',
  },
  lapsed: {
    end: async () => harness.story.advance(20 * DAY),
    told: 'lapsed',
    card: 'Lapsed',
  },
};

it.each(Object.entries(ENDINGS))(
  'an answer to a request that is %s by then counts neither from Slack nor by the API, and its person learns why',
  async (code, { end, told, card }) => {
    const asked = await harness.ask({ modelVersion: `1.0.0-${code}`, artifact: digestOf(code) });
    const { requestId } = asked;
    const secret = await confirmedToken(harness, 'cora');
    const lea = harness.slack.as(SLACK_USERS.lea);
    await lea.clickButton({ channel: asked.card.channel, ts: asked.card.ts, text: 'Approve…' });
    const form = harness.slack.modals(SLACK_USERS.lea).at(-1)?.id ?? '';
    const view = (await findApprovalRequest(harness.story.context.db, requestId))?.viewDigest;
    await end(asked);
    expect((await lea.submitModal(form, {})).acknowledged).toBe(true);
    expect(await harness.work()).toEqual([]);
    expect(harness.told('lea').at(-1)).toContain(told);
    expect(await harness.answered()).toContain(`refused:${code}`);
    const path = `/api/v1/approvals/${requestId}/decisions`;
    const refused = await problemOf(await askApi(harness, path, secret, { decision: 'approved', view }));
    expect(refused.code).toBe(code);
    expect(await decisionsOn(harness.story.context.db, requestId)).toEqual([]);
    expect(textOf(harness.now(asked.card))).toContain(card);
    expect(buttonsOf(harness.now(asked.card))).toEqual([]);
  },
);
