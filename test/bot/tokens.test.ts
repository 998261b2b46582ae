import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/lib/index.ts';
import { createToken, endToken, judgeArtifact } from '../../src/services/index.ts';
import { decisionsOn, findApprovalRequest } from '../../src/storage/index.ts';
import { problemOf } from '../api/open-api.ts';
import {
  type Asked,
  type BotHarness,
  buttonsOf,
  clickBody,
  type HarnessOptions,
  startBotHarness,
  textOf,
  unaskedIn,
} from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';
import { askApi, confirmedToken, issueToken, sayOfToken, tokenMessage } from '../support/person-api.ts';

type User = keyof typeof SLACK_USERS;

let harness: BotHarness;
let asked: Asked;

async function open(options: HarnessOptions = {}): Promise<void> {
  harness = await startBotHarness(options);
  asked = await harness.ask();
}
afterEach(async () => {
  expect(await unaskedIn(harness)).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const issue = (person: User) => issueToken(harness, person);
const confirmed = (person: User) => confirmedToken(harness, person);
const say = (user: User, text: string) => sayOfToken(harness, user, text);
const ask = (path: string, secret: string, body?: unknown) => askApi(harness, path, secret, body);
async function decide(secret: string, decision: string, more: object = {}): Promise<Response> {
  const request = await findApprovalRequest(harness.story.context.db, asked.requestId);
  const body = { decision, view: request?.viewDigest, ...more };
  return ask(`/api/v1/approvals/${asked.requestId}/decisions`, secret, body);
}
const codeOf = async (response: Response) => (await problemOf(response)).code;
const decisions = () => decisionsOn(harness.story.context.db, asked.requestId);
const cardSays = () => textOf(harness.now(asked.card));
const verdict = async () => {
  const about = { artifact: asked.run.artifact.digest, environment: 'production', name: asked.run };
  return (await judgeArtifact(harness.story.context, about)).status;
};

describe('a token that decides', () => {
  beforeEach(() => open());

  it('asks its person in Slack, decides once they confirmed it, and every card shows the decision', async () => {
    const { id, secret } = await issue('lea');
    const asking = tokenMessage(harness, 'lea');
    expect(textOf(asking)).toContain('ops on gov-1');
    expect(buttonsOf(asking)).toEqual(['Confirm', 'Not me']);
    const early = await problemOf(await decide(secret, 'approved'));
    expect(early).toMatchObject({ status: 403, code: 'forbidden' });
    expect(early.detail).toContain('before person:lea confirms it in Slack');
    await say('lea', 'Confirm');
    expect(buttonsOf(harness.now(asking))).toEqual(['Revoke']);
    const response = await decide(secret, 'approved', { reason: 'from the train' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      recorded: true,
      approval: { state: 'pending', missingRoles: ['compliance_officer'] },
    });
    expect(await decisions()).toMatchObject([{ person: 'lea', assurance: 'api_token' }]);
    expect(cardSays()).toContain('from the train');
    expect(await (await decide(secret, 'approved', { reason: 'from the train' })).json()).toMatchObject({
      recorded: false,
    });
    await harness.click('cora', harness.now(asked.card));
    expect(await verdict()).toBe('governed');
    await endToken(harness.story.context, id);
    expect(await harness.work()).toEqual([]);
    expect(textOf(harness.now(asking))).toContain('revoked');
    expect((await decide(secret, 'approved')).status).toBe(401);
  });

  it('is revoked, loudly, by a person who did not ask for it', async () => {
    const { id, secret } = await issue('lea');
    await say('lea', 'Not me');
    expect(buttonsOf(tokenMessage(harness, 'lea'))).toEqual([]);
    expect(harness.log).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: expect.stringContaining('disowns'),
        fields: expect.objectContaining({ token: id, issuedBy: 'ops on gov-1' }),
      }),
    );
    expect((await decide(secret, 'approved')).status).toBe(401);
  });

  it.each([
    [
      'confirms it in the database',
      'lea',
      { confirmed_at: '2026-11-23T09:00:00.000Z', confirmed_by: 'slack:T/U' },
    ],
    ['gives it another person once it is confirmed', 'nora', { subject: 'person:lea' }],
  ] as const)('is refused, loudly, where somebody %s', async (_what, person, change) => {
    const { id, secret } = await issue(person);
    if (person === 'nora') await say('nora', 'Confirm');
    const { db } = harness.story.context;
    await db.updateTable('tokens').set(change).where('id', '=', id).execute();
    expect((await decide(secret, 'approved')).ok).toBe(false);
    expect(await decisions()).toEqual([]);
    expect(harness.log).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: expect.stringContaining('its person never did'),
        fields: { token: id },
      }),
    );
  });

  it('is confirmed by nobody else, with whatever payload', async () => {
    const { id, secret } = await issue('lea');
    for (const action of ['token.confirm', 'token.deny']) {
      const click = clickBody({ user: SLACK_USERS.cora, action, value: id });
      await harness.slack.rawRequest(harness.slack.sign(click));
      expect(await harness.work()).toEqual([]);
      expect(harness.told('cora').at(-1)).toContain('no token of yours');
    }
    expect(await codeOf(await decide(secret, 'approved'))).toBe('forbidden');
    expect(buttonsOf(tokenMessage(harness, 'lea'))).toEqual(['Confirm', 'Not me']);
  });

  it('takes an answer back, and the card says so', async () => {
    const secret = await confirmed('lea');
    await decide(secret, 'rejected', { reason: 'biased' });
    expect(await verdict()).toBe('rejected');
    const path = `/api/v1/approvals/${asked.requestId}/withdrawal`;
    const response = await ask(path, secret, {});
    expect(await response.json()).toMatchObject({ approval: { state: 'pending', decisions: [] } });
    expect(cardSays()).toContain('Approval needed');
    expect(await codeOf(await ask(path, secret, {}))).toBe('nothing_to_withdraw');
  });

  it('is refused for the reasons for which Slack refuses, in the same words', async () => {
    const lea = await confirmed('lea');
    expect(await codeOf(await decide(lea, 'rejected'))).toBe('reason_required');
    expect(await codeOf(await decide(lea, 'approved', { view: `sha256:${'0'.repeat(64)}` }))).toBe(
      'view_changed',
    );
    await harness.click('lea', asked.card);
    const again = await problemOf(await decide(lea, 'rejected', { reason: 'no' }));
    expect(again).toMatchObject({ status: 409, code: 'already_decided' });
    expect(again.detail).toMatch(/^You approved this already, 2\d{3}-.*Nothing changed\.$/);
    const nora = await problemOf(await decide(await confirmed('nora'), 'approved'));
    expect(nora).toMatchObject({
      status: 403,
      code: 'no_role',
      detail:
        'You hold none of the roles that decide on fraud-detection@4.1.2: ml_lead, compliance_officer. Nothing was recorded.',
    });
    expect(await codeOf(await decide(await confirmed('sam'), 'approved'))).toBe('submitter_or_author');
    await harness.click('cora', harness.now(asked.card));
    expect(await codeOf(await decide(await confirmed('lia'), 'approved'))).toBe('closed');
  });

  it('is the only kind that decides: no other of a person, and none of CI', async () => {
    const { context } = harness.story;
    for (const subject of ['ci:build', 'person:lea']) {
      const wish = { subject, scopes: ['read', 'submit', 'admin'] as const, note: '', expiresAt: null };
      expect(await codeOf(await decide((await createToken(context, wish)).secret, 'approved'))).toBe(
        'forbidden',
      );
    }
    expect(await decisions()).toEqual([]);
  });
});

describe('when Slack cannot be reached', () => {
  const down = () => harness.slack.faults.always('*', { kind: 'failed', status: 503 });

  it('roles of the people map decide, and the cards catch up', async () => {
    await open();
    const [lea, cora] = [await confirmed('lea'), await confirmed('cora')];
    down();
    harness.story.advance(30 * MINUTE);
    expect((await decide(lea, 'approved')).status).toBe(200);
    expect(await (await decide(cora, 'approved')).json()).toMatchObject({ approval: { state: 'approved' } });
    expect(await verdict()).toBe('governed');
    expect(cardSays()).toContain('Approval needed');
    harness.slack.faults.clear();
    harness.story.advance(10 * MINUTE);
    await harness.work();
    expect(cardSays()).toContain('🟢 Approved');
    expect(buttonsOf(harness.now(asked.card))).toEqual([]);
  });

  it('a role of a user group decides for fifteen minutes, and no longer', async () => {
    await open({ userGroups: [{ group: 'S0LEADS', role: 'ml_lead' }] });
    const members = (...userIds: string[]) =>
      harness.slack.setUsergroup({ id: 'S0LEADS', handle: 'leads', userIds });
    members(SLACK_USERS.nora);
    const nora = await confirmed('nora');
    harness.story.advance(MINUTE);
    expect(await codeOf(await decide(nora, 'rejected'))).toBe('reason_required');
    down();
    harness.story.advance(20 * MINUTE);
    const refused = await decide(nora, 'approved');
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await problemOf(refused)).toMatchObject({ status: 503, code: 'role_unconfirmed' });
    harness.slack.faults.clear();
    expect((await decide(nora, 'approved')).status).toBe(200);
  });
});

it('a person whose Slack account is deactivated decides nothing with a token either', async () => {
  await open();
  const secret = await confirmed('lea');
  harness.slack.updateUser(SLACK_USERS.lea, { deleted: true });
  harness.story.advance(2 * MINUTE);
  expect((await decide(secret, 'approved')).status).toBe(403);
  expect(await decisions()).toEqual([]);
});

it('a pipeline may take no answers but those from Slack', async () => {
  await open({ approval: 'api_decisions: false' });
  const secret = await confirmed('lea');
  const refused = await problemOf(await decide(secret, 'approved'));
  expect(refused).toMatchObject({ status: 403, code: 'api_refused' });
  expect(refused.detail).toContain('decided in Slack');
  await harness.click('lea', asked.card);
  expect(await decisions()).toMatchObject([{ person: 'lea', assurance: 'slack_click' }]);
});
