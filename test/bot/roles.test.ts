import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PersonId } from '../../src/domain/index.ts';
import { MINUTE } from '../../src/lib/index.ts';
import { approvalStatus, judgeArtifact, trustPolicyNow } from '../../src/services/index.ts';
import { decisionsOn, rolesFromSlack } from '../../src/storage/index.ts';
import {
  type Asked,
  type BotHarness,
  buttonValueOf,
  confirmationBody,
  startBotHarness,
  textOf,
} from '../support/bot-harness.ts';
import { SLACK_USERS, TEAM } from '../support/bot-story.ts';

const LEADS = 'S0LEADS';
type User = keyof typeof SLACK_USERS;

let harness: BotHarness;
let asked: Asked;
let versions = 0;
beforeAll(async () => {
  harness = await startBotHarness({ userGroups: [{ group: LEADS, role: 'ml_lead' }] });
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

/** Each test has a request of its own, and knows nothing of what the others had Slack say. */
beforeEach(async () => {
  const { db } = harness.story.context;
  harness.slack.faults.clear();
  for (const [name, id] of Object.entries(SLACK_USERS))
    harness.slack.updateUser(id, {
      ...{ name, realName: name, deleted: false, isBot: false, guest: false, singleChannelGuest: false },
      teamId: name === 'guest' ? 'T0OTHER' : TEAM,
    });
  inGroup();
  await db.deleteFrom('role_grants').execute();
  await db.deleteFrom('suspensions').execute();
  await db.deleteFrom('slack_accounts').execute();
  await db.updateTable('role_groups').set({ confirmed_at: null }).execute();
  asked = await harness.ask({ modelVersion: `4.1.${++versions}` });
  await db.deleteFrom('inbox').execute();
});

/** Says who is in the group, and moves on so far that nobody may rely on an earlier answer. */
function inGroup(...users: User[]): void {
  harness.slack.setUsergroup({ id: LEADS, handle: 'leads', userIds: users.map((user) => SLACK_USERS[user]) });
  harness.story.advance(MINUTE);
}
/** A busy machine takes its time. */
const PATIENCE = { timeout: 20_000, interval: 50 };

/** Has Slack say that the group changed, and waits until the grants that stand are those of these people. */
async function follow(
  event: Parameters<BotHarness['slack']['sendEvent']>[0],
  ...people: PersonId[]
): Promise<void> {
  expect((await harness.slack.sendEvent(event)).status).toBe(200);
  await vi.waitFor(async () => {
    expect(await harness.work()).toEqual([]);
    const { grants } = await rolesFromSlack(harness.story.context.db);
    const standing = grants.filter(({ until }) => until === null).map(({ person }) => person);
    expect(standing.sort()).toEqual(people.sort());
  }, PATIENCE);
}
const CHANGED = { type: 'subteam_members_changed', subteam_id: LEADS };

/** Slack answers no question about roles any more. */
function unreachable(...methods: ('usergroups.users.list' | 'users.info')[]): void {
  for (const method of methods) harness.slack.faults.always(method, { kind: 'failed', status: 503 });
}
const approve = (user: User) => harness.click(user, asked.card);
const deciders = async (): Promise<PersonId[]> =>
  (await decisionsOn(harness.story.context.db, asked.requestId)).map(({ person }) => person);
const state = async () => (await approvalStatus(harness.story.context, asked.requestId)).state;
const lastTold = (user: User) => harness.told(user).at(-1);
const verdict = () =>
  judgeArtifact(harness.story.context, {
    artifact: asked.run.artifact.digest,
    environment: 'production',
    name: asked.run,
  });

describe('a member of a user group', () => {
  it('decides in its role, and the judge and the trust policy of offline verifiers say the same', async () => {
    inGroup('nora');
    await approve('nora');
    expect(lastTold('nora')).toContain('as ml lead');
    await approve('cora');
    expect(await state()).toBe('approved');
    expect((await verdict()).status).toBe('governed');
    const policy = await trustPolicyNow(harness.story.context);
    expect(policy.people.find(({ id }) => id === 'nora')?.roles).toEqual([
      { role: 'ml_lead', from: expect.any(String) },
    ]);
  });

  it('is shown on the card as soon as Slack says that the group changed', async () => {
    inGroup('nora');
    await follow(CHANGED, 'nora');
    expect(textOf(harness.now(asked.card))).toContain(`<@${SLACK_USERS.nora}>`);
    inGroup();
    await follow({ type: 'subteam_updated', subteam: { id: LEADS } });
    expect(textOf(harness.now(asked.card))).not.toContain(`<@${SLACK_USERS.nora}>`);
    const { grants } = await rolesFromSlack(harness.story.context.db);
    expect(grants).toMatchObject([{ person: 'nora', until: expect.any(String) }]);
  });

  it('whom somebody writes into the database holds no role, is told of, and is taken out again', async () => {
    const { db, clock } = harness.story.context;
    inGroup('lia');
    await follow(CHANGED, 'lia');
    const [real] = await db.selectFrom('role_grants').selectAll().execute();
    const { seal = null, group_id = LEADS, role = 'ml_lead' } = real ?? {};
    const grant = { person: 'nora', group_id, role, held_from: clock.now(), held_until: null };
    // The seal of another's grant is none of this one's; and Slack is not asked again within a minute.
    await db
      .insertInto('role_grants')
      .values({ ...grant, seal })
      .execute();
    await approve('nora');
    expect(lastTold('nora')).toContain('none of the roles');
    expect(await deciders()).toEqual([]);
    expect(harness.log).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: expect.stringContaining('did not learn it from Slack'),
        fields: { person: 'nora', group: LEADS, role: 'ml_lead' },
      }),
    );
    harness.story.advance(MINUTE);
    await follow(CHANGED, 'lia');
    await approve('lia');
    expect(await deciders()).toEqual(['lia']);
  });

  it('whom the people map does not know decides nothing', async () => {
    inGroup('stranger');
    await approve('stranger');
    expect(lastTold('stranger')).toContain('I do not know who you are');
    expect(await deciders()).toEqual([]);
    expect((await rolesFromSlack(harness.story.context.db)).grants).toEqual([]);
  });

  it('of a group that is disabled holds its role no more', async () => {
    inGroup('nora');
    await approve('nora');
    harness.slack.setUsergroup({ id: LEADS, handle: 'leads', userIds: [SLACK_USERS.nora], disabled: true });
    harness.story.advance(MINUTE);
    await approve('cora');
    expect(await state()).toBe('pending');
  });
});

describe('SL01 a form that is sent again byte for byte', () => {
  it('is one decision, and is acknowledged both times', async () => {
    const request = harness.slack.sign(confirmationBody({ value: buttonValueOf(asked.card) }));
    const answers = [await harness.slack.rawRequest(request), await harness.slack.rawRequest(request)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await harness.work()).toEqual([]);
    expect(await deciders()).toEqual(['lea']);
    expect(await harness.answered()).toHaveLength(1);
  });
});

describe('SL02 a form that is sent again with its time spelled otherwise', () => {
  it('is refused', async () => {
    const { headers, body } = harness.slack.sign(confirmationBody({ value: buttonValueOf(asked.card) }));
    const time = Number(headers['x-slack-request-timestamp']);
    for (const spelling of [
      `${time}.0`,
      `0x${time.toString(16)}`,
      `+${time}`,
      `0${time}`.padStart(13, '0'),
    ]) {
      const respelled = { ...headers, 'x-slack-request-timestamp': spelling };
      expect((await harness.slack.rawRequest({ headers: respelled, body })).status).toBe(401);
    }
    expect(await harness.work()).toEqual([]);
    expect(await deciders()).toEqual([]);
  });
});

describe('SL04 an unsigned check of the certificate that smuggles a form', () => {
  it('reaches no listener', async () => {
    const body = `ssl_check=1&${confirmationBody({ value: buttonValueOf(asked.card) })}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await harness.slack.rawRequest({ headers, body })).status).toBe(200);
    expect(await harness.answered()).toEqual([]);
  });
});

describe('SL05 a signed click from elsewhere', () => {
  it('has no effect and leaves a trace', async () => {
    const { card } = asked;
    await harness.slack
      .as(SLACK_USERS.guest)
      .clickButton({ channel: card.channel, ts: card.ts, text: 'Approve…' });
    expect(await harness.work()).toEqual([]);
    const rows = await harness.story.context.db.selectFrom('inbox').selectAll().execute();
    expect(rows).toMatchObject([
      {
        outcome: 'refused:foreign_workspace',
        processed_at: expect.any(String),
        payload: { type: 'foreign', team: 'T0OTHER', user: SLACK_USERS.guest },
      },
    ]);
    expect(await deciders()).toEqual([]);
  });
});

describe('SL06 membership', () => {
  it('is looked up at the decision: who is in the group by now may decide', async () => {
    await approve('nora');
    expect(lastTold('nora')).toContain('You hold none of the roles');
    inGroup('nora');
    await approve('nora');
    expect(await deciders()).toEqual(['nora']);
  });

  it('is looked up at the decision: who left the group may not', async () => {
    inGroup('nora');
    await follow(CHANGED, 'nora');
    inGroup();
    await approve('nora');
    expect(lastTold('nora')).toContain('You hold none of the roles');
    expect(await deciders()).toEqual([]);
  });

  it('decides for fifteen minutes while Slack cannot be asked, and not a moment longer', async () => {
    inGroup('nora', 'sam');
    await follow(CHANGED, 'nora', 'sam');
    unreachable('usergroups.users.list');
    harness.story.advance(14 * MINUTE);
    await approve('nora');
    expect(await deciders()).toEqual(['nora']);
    asked = await harness.ask({ modelVersion: '5.0.0' });
    harness.story.advance(2 * MINUTE);
    await approve('nora');
    expect(lastTold('nora')).toContain('Try again in a moment');
    expect(await deciders()).toEqual([]);
    const form = confirmationBody({ value: buttonValueOf(asked.card), user: SLACK_USERS.nora }, 'V0OPEN');
    await harness.slack.rawRequest(harness.slack.sign(form));
    await harness.work();
    expect(await harness.answered()).toContain('refused:role_unconfirmed');
    harness.slack.faults.clear();
    await approve('nora');
    expect(await deciders()).toEqual(['nora']);
  });

  it('that is too old is not needed by who holds the role by the people map', async () => {
    unreachable('usergroups.users.list');
    harness.story.advance(20 * MINUTE);
    await approve('lea');
    await approve('cora');
    expect(await state()).toBe('approved');
  });
});

describe('an account that Slack was asked about', () => {
  it.each([
    ['deactivated', { deleted: true }],
    ['a guest of several channels', { guest: true }],
    ['a guest of one channel', { singleChannelGuest: true }],
    ['a bot', { isBot: true }],
  ])('decides nothing when it is %s, though the people map gives it a role', async (_what, change) => {
    const body = confirmationBody({ value: buttonValueOf(asked.card) });
    harness.slack.updateUser(SLACK_USERS.lea, change);
    expect((await harness.slack.rawRequest(harness.slack.sign(body))).status).toBe(200);
    expect(await harness.work()).toEqual([]);
    expect(await harness.answered()).toEqual(['refused:account_barred']);
    expect(await deciders()).toEqual([]);
  });

  it('decides nothing when it is of another workspace, though its payload says otherwise', async () => {
    harness.slack.updateUser(SLACK_USERS.lea, { teamId: 'T0OTHER' });
    const body = confirmationBody({ value: buttonValueOf(asked.card) });
    await harness.slack.rawRequest(harness.slack.sign(body));
    await harness.work();
    expect(await harness.answered()).toEqual(['refused:account_barred']);
  });

  it('decides for fifteen minutes while Slack cannot be asked, and not a moment longer', async () => {
    await approve('lea');
    unreachable('users.info');
    asked = await harness.ask({ modelVersion: '5.0.0' });
    harness.story.advance(14 * MINUTE);
    await approve('lea');
    expect(await deciders()).toEqual(['lea']);
    asked = await harness.ask({ modelVersion: '6.0.0' });
    harness.story.advance(2 * MINUTE);
    await approve('lea');
    expect(await deciders()).toEqual([]);
    expect(lastTold('lea')).toContain('Try again in a moment');
  });
});

describe('SL08 between an approval and the one that would complete the quorum', () => {
  const pendingStill = async () => {
    await approve('cora');
    expect(await state()).toBe('pending');
    expect((await approvalStatus(harness.story.context, asked.requestId)).missingRoles).toEqual(['ml_lead']);
    expect(await verdict()).toMatchObject({ status: 'pending', basis: { missingRoles: ['ml_lead'] } });
  };

  it('who leaves the group covers its role no more', async () => {
    inGroup('nora');
    await approve('nora');
    inGroup();
    await pendingStill();
    await approve('lia');
    expect(await state()).toBe('approved');
    expect((await verdict()).status).toBe('governed');
  });

  it('whose account is deactivated covers no role more, one of the people map either', async () => {
    await approve('lea');
    harness.slack.updateUser(SLACK_USERS.lea, { deleted: true });
    harness.story.advance(MINUTE);
    await pendingStill();
  });

  it('nobody completes it while it cannot be asked whether the first still holds the role', async () => {
    inGroup('nora');
    await approve('nora');
    unreachable('usergroups.users.list');
    harness.story.advance(16 * MINUTE);
    await approve('cora');
    expect(await deciders()).toEqual(['nora']);
    expect(lastTold('cora')).toContain('Nothing was recorded');
    harness.slack.faults.clear();
    await approve('cora');
    expect(await state()).toBe('approved');
  });

  it('and once it is complete, nothing that happens to roles undoes it', async () => {
    inGroup('nora');
    await approve('nora');
    await approve('cora');
    inGroup();
    await follow(CHANGED);
    expect(await state()).toBe('approved');
    expect((await verdict()).status).toBe('governed');
  });
});

describe('SL09 a name', () => {
  it('of somebody else, or of a role, decides nothing', async () => {
    harness.slack.updateUser(SLACK_USERS.nora, { name: 'lea', realName: 'Lea ✅ ml_lead CISO' });
    await approve('nora');
    expect(lastTold('nora')).toContain('You hold none of the roles');
    expect(await deciders()).toEqual([]);
  });
});

describe('AP04 who submitted', () => {
  it('does not decide, whatever group they join, also when a CI token submitted for them', async () => {
    expect(asked.run.submitter.subject).toBe('ci:build');
    inGroup('sam');
    await approve('sam');
    expect(lastTold('sam')).toContain('You submitted or made');
    expect(await deciders()).toEqual([]);
  });
});

describe('AP05 who holds two roles', () => {
  it('by the map and by a group, covers one of them alone', async () => {
    inGroup('cora');
    await approve('cora');
    expect(await state()).toBe('pending');
    await approve('lea');
    expect(await state()).toBe('approved');
    const { approvals } = (await verdict()).basis ?? { approvals: [] };
    expect(approvals.map(({ person }) => person).sort()).toEqual(['cora', 'lea']);
  });
});

describe('AP06 a message that a program wrote', () => {
  it('is no vote, however it speaks of one', async () => {
    for (const event of [
      { type: 'message', bot_id: 'B0OTHER', text: 'approve', channel: asked.card.channel },
      { type: 'message', user: SLACK_USERS.lea, text: 'approve', channel: asked.card.channel },
      { type: 'reaction_added', user: SLACK_USERS.lea, reaction: 'white_check_mark' },
    ])
      expect((await harness.slack.sendEvent(event)).status).toBe(200);
    expect(await harness.work()).toEqual([]);
    expect(await harness.answered()).toEqual([]);
    expect(await deciders()).toEqual([]);
  });
});
