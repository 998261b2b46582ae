import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decisionsOn } from '../../src/storage/index.ts';
import {
  type Asked,
  type BotHarness,
  buttonValueOf,
  confirmationBody,
  startBotHarness,
  textOf,
} from '../support/bot-harness.ts';
import { SLACK_USERS, TEAM } from '../support/bot-story.ts';

const ORGANISATION = { id: 'E0ORG', name: 'The Org' };
const ofOrganisation = (user: string) => ({ slack: [{ team: ORGANISATION.id, user }] });

/** A form with other words of where it comes from. */
function formOf(value: string, whence: object): string {
  const payload = new URLSearchParams(confirmationBody({ value })).get('payload') ?? '{}';
  return new URLSearchParams({ payload: JSON.stringify({ ...JSON.parse(payload), ...whence }) }).toString();
}
const elsewhere = { id: 'E0ELSEWHERE', name: 'Elsewhere' };
const lea = (team_id: string) => ({ id: SLACK_USERS.lea, team_id });
const FOREIGN: readonly [string, object][] = [
  ['another organisation', { team: null, enterprise: elsewhere, user: lea(elsewhere.id) }],
  [
    'a person of another organisation, by a channel that both share',
    { team: { id: TEAM, enterprise_id: ORGANISATION.id }, user: lea(elsewhere.id) },
  ],
  [
    'a workspace elsewhere that shares the channel',
    { team: { id: 'T0OTHER' }, enterprise: null, user: lea('T0OTHER') },
  ],
];

describe.each([
  ['one workspace of an organisation', { enterprise: ORGANISATION }, {}],
  [
    'a whole organisation',
    { enterprise: ORGANISATION, isEnterpriseInstall: true },
    { lea: ofOrganisation(SLACK_USERS.lea), cora: ofOrganisation(SLACK_USERS.cora) },
  ],
])('an app that is installed for %s', (_name, grid, entries) => {
  let harness: BotHarness;
  let asked: Asked;
  beforeAll(async () => {
    harness = await startBotHarness({ grid, entries });
    asked = await harness.ask();
  });
  afterAll(() => harness[Symbol.asyncDispose]());
  const deciders = async () =>
    (await decisionsOn(harness.story.context.db, asked.requestId)).map(({ person }) => person);

  it.each(FOREIGN)('has no answer from %s', async (_whence, payload) => {
    const before = await harness.answered();
    const body = formOf(buttonValueOf(asked.card), payload);
    expect((await harness.slack.rawRequest(harness.slack.sign(body))).status).toBe(200);
    expect(await harness.work()).toEqual([]);
    expect((await harness.answered()).slice(before.length)).toEqual(['refused:foreign_workspace']);
    expect(await deciders()).toEqual([]);
  });

  it('tells a guest from another workspace why nothing comes of a click', async () => {
    const { channel, ts } = asked.card;
    await harness.slack.as(SLACK_USERS.guest).clickButton({ channel, ts, text: 'Approve…' });
    const told = await harness.slack.waitForEphemeral(SLACK_USERS.guest, () => true);
    expect(textOf(told)).toContain('Only members of the workspace that owns this channel');
  });

  it('answers its people, by command and by card', async () => {
    await harness.slack.as(SLACK_USERS.lea).slashCommand('/governance', 'pending', asked.card.channel);
    await harness.slack.waitForEphemeral(SLACK_USERS.lea, (said) => textOf(said).includes('fraud-detection'));
    await harness.click('lea', asked.card);
    await harness.click('cora', harness.now(asked.card));
    expect(await deciders()).toEqual(['lea', 'cora']);
    expect(textOf(harness.now(asked.card))).toContain('🟢 Approved');
  });
});
