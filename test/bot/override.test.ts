import { afterEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { HOUR } from '../../src/lib/index.ts';
import { CONFIRM_OVERRIDE_ACTION, DOCUMENT_OVERRIDE_ACTION } from '../../src/notify/index.ts';
import { followOverrides, judgeArtifact } from '../../src/services/index.ts';
import { listOverrides } from '../../src/storage/index.ts';
import {
  APPROVALS,
  type BotHarness,
  buttonsOf,
  startBotHarness,
  textOf,
  unaskedIn,
} from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

type User = keyof typeof SLACK_USERS;

let harness: BotHarness;
afterEach(async () => {
  expect(await unaskedIn(harness)).toEqual([]);
  await harness[Symbol.asyncDispose]();
});

const WISH = { reason: 'Payments fail. <!channel>', reference: 'INC-17', hours: '4' };
const inbox = (user: User) => harness.slack.messages(SLACK_USERS[user]);
const modal = (user: User) => harness.slack.modals(SLACK_USERS[user])[0];
const rows = () => listOverrides(harness.story.context.db);

/** Gives the command, and waits until its form is open or its answer there. */
async function command(user: User, text = 'override fraud-detection@4.1.2'): Promise<void> {
  const before = harness.told(user).length;
  await harness.slack.as(SLACK_USERS[user]).slashCommand('/governance', text, APPROVALS);
  const isAnswered = () => modal(user) !== undefined || harness.told(user).length > before;
  await expect.poll(isAnswered, { timeout: 20_000 }).toBe(true);
}

/** Fills the form in; the jobs that follow are done. */
async function fill(user: User, values: Readonly<Record<string, string>>) {
  const sent = await harness.slack.as(SLACK_USERS[user]).submitModal(modal(user)?.id ?? '', values);
  expect(await harness.work()).toEqual([]);
  return sent;
}

async function override(user: User = 'otto'): Promise<void> {
  await command(user);
  expect((await fill(user, WISH)).errors).toEqual({});
}

function overrideCard() {
  const card = harness.slack.messages(APPROVALS).findLast((message) => textOf(message).includes('verrid'));
  if (card === undefined) throw new Error('no card of an override was posted');
  return card;
}

async function press(user: User, actionId: string): Promise<void> {
  const { channel, ts } = overrideCard();
  await harness.slack.as(SLACK_USERS[user]).clickButton({ channel, ts, actionId });
  expect(await harness.work()).toEqual([]);
}

/** Lets hours pass, and does what follows. */
async function pass(hours: number): Promise<void> {
  harness.story.advance(hours * HOUR);
  await followOverrides(harness.story.context);
  expect(await harness.work()).toEqual([]);
}

async function status(): Promise<string> {
  const artifact = (await harness.ask()).run.artifact.digest;
  return (await judgeArtifact(harness.story.context, { artifact, environment: 'production' })).status;
}

describe('/governance override', () => {
  it('lets a version serve traffic for hours, tells everybody passed over, and owes its documentation', async () => {
    harness = await startBotHarness();
    const { run } = await harness.ask();
    await command('otto');
    const form = JSON.stringify(modal('otto')?.blocks);
    expect(form).toContain(run.artifact.digest);
    expect(form).toContain('is not governed in *production*');
    expect((await fill('otto', WISH)).errors).toEqual({});

    const card = textOf(overrideCard());
    expect(card).toContain('🚨 Override in force: fraud-detection 4.1.2');
    expect(card).toContain('> Payments fail. &lt;!channel&gt;');
    expect(card).toContain('INC-17');
    expect(card).toContain(`<@${SLACK_USERS.lea}>`);
    expect(buttonsOf(overrideCard())).toEqual(['Document…']);
    expect(harness.told('otto')[0]).toContain('Recorded: you overrode');
    for (const user of ['lea', 'lia', 'cora'] as const)
      expect(inbox(user).map(textOf)).toEqual([expect.stringContaining('without your approval')]);
    for (const user of ['otto', 'olga', 'nora'] as const) expect(inbox(user)).toEqual([]);

    const verdict = await judgeArtifact(harness.story.context, {
      artifact: run.artifact.digest,
      environment: 'production',
    });
    expect(verdict).toMatchObject({ status: 'overridden', allowed: true, override: { person: 'otto' } });
    const [row] = await rows();
    expect(row?.unmet.map(({ code }) => code)).toEqual(verdict.notes.map(({ code }) => code));
    expect(row?.unmet.length).toBeGreaterThan(0);
    expect(await harness.answered()).toEqual(['recorded:granted']);
  });

  it('tells those who may not, and opens nothing for them', async () => {
    harness = await startBotHarness();
    await harness.ask();
    for (const user of ['nora', 'lea', 'sam', 'stranger'] as const) {
      await command(user);
      expect(modal(user)).toBeUndefined();
    }
    expect(harness.told('nora')[0]).toContain('Only an override officer');
    expect(harness.told('sam')[0]).toContain('You submitted or made');
    expect(harness.told('stranger')[0]).toContain('not in the people map');
    await command('otto', 'override fraud-detection@9.9.9');
    expect(harness.told('otto')[0]).toContain('I cannot tell which bytes');
    await command('otto', 'override fraud-detection');
    expect(harness.told('otto')[1]).toContain('say which version');
  });

  it('leaves the form open where a field is wrong, and says so when Slack does not open it in time', async () => {
    harness = await startBotHarness({ override: 'max_hours: 12' });
    await harness.ask();
    harness.slack.faults.refuseNext('views.open', 'expired_trigger_id');
    await command('otto');
    expect(harness.told('otto')[0]).toContain('Slack did not let me open the form in time');
    await command('otto');
    expect((await fill('otto', { ...WISH, hours: '13' })).errors['hours']).toContain('up to 12');
    expect((await fill('otto', { ...WISH, reason: ' ' })).errors['reason']).toContain('needs a reason');
    expect((await fill('otto', { ...WISH, hours: '1,5' })).errors).toEqual({});
    expect(await rows()).toHaveLength(1);
  });

  it('signs what its form showed, or nothing: other bytes that come meanwhile are not overridden', async () => {
    harness = await startBotHarness();
    const { run } = await harness.ask();
    await command('otto');
    await harness.ask({ artifact: digestOf('other bytes') });
    expect((await fill('otto', WISH)).errors).toEqual({});
    expect(harness.told('otto')[0]).toContain('is not what the form showed any more');
    expect(await rows()).toEqual([]);
    await override();
    expect((await rows())[0]?.artifact.digest).toBe(digestOf('other bytes'));
    expect(run.artifact.digest).not.toBe(digestOf('other bytes'));
    expect(await harness.answered()).toEqual(['refused:changed_meanwhile', 'recorded:granted']);
  });

  it('is for the environment that the command names, and what is shown is judged there', async () => {
    harness = await startBotHarness();
    await harness.ask();
    await command('otto', 'override fraud-detection@4.1.2 payments');
    expect(JSON.stringify(modal('otto')?.blocks)).toContain('is not governed in *payments*');
    await fill('otto', WISH);
    expect((await rows()).map(({ environment }) => environment)).toEqual(['payments']);
  });

  it('is refused where it is rejected, governed or overridden already', async () => {
    harness = await startBotHarness();
    const { card } = await harness.ask();
    await override();
    await command('olga');
    expect(harness.told('olga')[0]).toContain('is in force, or waits');
    await harness.click('lea', card);
    await harness.click('cora', harness.now(card));
    await command('olga');
    expect(harness.told('olga')[1]).toContain('is governed in *production*');
    const other = await harness.ask({ modelId: 'churn', artifact: digestOf('churn') });
    await harness.click('lea', other.card, 'Reject…');
    await harness.slack.as(SLACK_USERS.lea).submitModal(modal('lea')?.id ?? '', { text: 'No.' });
    expect(await harness.work()).toEqual([]);
    await command('olga', 'override churn@4.1.2');
    expect(harness.told('olga')[2]).toContain('cannot be overridden by anybody');
  });
});

describe('an override that needs a second person', () => {
  it('is good once another officer confirmed it, and not before', async () => {
    harness = await startBotHarness({ override: 'second_person: true' });
    const { run } = await harness.ask();
    const judged = async () => {
      const { digest: artifact } = run.artifact;
      return (await judgeArtifact(harness.story.context, { artifact, environment: 'production' })).status;
    };
    await override();
    expect(textOf(overrideCard())).toContain('waits for a second person');
    expect(await judged()).toBe('pending');
    expect(inbox('lea')).toEqual([]);
    for (const user of ['otto', 'nora', 'sam'] as const) await press(user, CONFIRM_OVERRIDE_ACTION);
    expect(harness.told('otto')[1]).toContain('the second person must be another one');
    expect(harness.told('nora')[0]).toContain('Only an override officer');
    expect(harness.told('sam')[0]).toContain('You submitted or made');
    expect(await judged()).toBe('pending');

    await press('olga', CONFIRM_OVERRIDE_ACTION);
    expect(harness.told('olga')[0]).toContain('you confirmed the override');
    expect(textOf(overrideCard())).toContain(`*Confirmed by* <@${SLACK_USERS.olga}>`);
    expect(await judged()).toBe('overridden');
    expect(inbox('lea')).toHaveLength(1);
  });

  it('lapses when nobody confirms it, and owes nothing then', async () => {
    harness = await startBotHarness({ override: 'second_person: true' });
    await harness.ask();
    await override();
    await pass(5);
    expect(textOf(overrideCard())).toContain('nobody confirmed it');
    expect(buttonsOf(overrideCard())).toEqual([]);
    await pass(100);
    expect(inbox('otto')).toEqual([]);
    await override('olga');
    expect(await rows()).toHaveLength(2);
  });
});

describe('the documentation of an override', () => {
  it('is asked for before it is due, bars further overrides when it is overdue, and settles them', async () => {
    harness = await startBotHarness();
    await harness.ask();
    await override();
    await pass(5);
    expect(textOf(overrideCard())).toContain('Override ended, document it');
    await pass(50);
    await pass(0);
    expect(inbox('otto').map(textOf)).toEqual([expect.stringContaining('is to be documented by')]);
    await pass(20);
    expect(textOf(overrideCard())).toContain('🔴 Override undocumented');
    expect(inbox('otto')).toHaveLength(2);
    expect(inbox('olga').map(textOf)).toEqual([expect.stringContaining('that was due')]);
    await command('olga');
    expect(harness.told('olga')[0]).toContain('An earlier override of fraud-detection is not documented');

    await press('stranger', DOCUMENT_OVERRIDE_ACTION);
    expect(harness.told('stranger')[0]).toContain('not in the people map');
    await press('nora', DOCUMENT_OVERRIDE_ACTION);
    expect((await fill('nora', { documentation: ' ' })).errors['documentation']).toContain(
      'Say what happened',
    );
    expect((await fill('nora', { documentation: 'Payments were down. `x`' })).errors).toEqual({});
    expect(harness.told('nora')[0]).toContain('you documented the override');
    expect(textOf(overrideCard())).toContain('⚪ Override ended');
    expect(textOf(overrideCard())).toContain("> Payments were down. 'x'");
    expect(buttonsOf(overrideCard())).toEqual([]);
    expect(textOf(overrideCard())).not.toContain('90 days');
    await command('olga');
    const repeated = '*1 other override* of fraud-detection in the 90 days before';
    expect(JSON.stringify(modal('olga')?.blocks)).toContain(repeated);
    expect((await fill('olga', WISH)).errors).toEqual({});
    expect(textOf(overrideCard())).toContain(repeated);
    expect(await rows()).toHaveLength(2);
  });

  it('keeps no words in the inbox', async () => {
    harness = await startBotHarness();
    await harness.ask();
    await override();
    await press('otto', DOCUMENT_OVERRIDE_ACTION);
    await fill('otto', { documentation: 'All of it.' });
    const kept = await harness.story.context.db.selectFrom('inbox').select('payload').execute();
    expect(JSON.stringify(kept)).not.toMatch(/Payments|All of it/);
    expect(await status()).toBe('pending');
  });
});

describe('the card of an override', () => {
  const cards = () => harness.slack.messages(APPROVALS).filter((said) => textOf(said).includes('verrid'));
  const deliver = async () => {
    harness.story.advance(60_000);
    expect(await harness.work()).toEqual([]);
  };

  it('is taken over where nobody knew whether it arrived, and history is asked for then alone', async () => {
    harness = await startBotHarness({ override: 'second_person: true' });
    await harness.ask();
    harness.slack.faults.dropAfterDelivery('chat.postMessage');
    await override();
    expect(cards()).toHaveLength(1);
    expect(harness.slack.calls('conversations.history')).toEqual([]);
    await deliver();
    expect(cards()).toHaveLength(1);
    expect(harness.slack.calls('conversations.history')).toHaveLength(1);
    await press('olga', CONFIRM_OVERRIDE_ACTION);
    expect(textOf(overrideCard())).toContain('Override in force');
  });

  it('that stands twice counts once: the other is inert, and says where the one is that counts', async () => {
    harness = await startBotHarness({ override: 'second_person: true' });
    await harness.ask();
    harness.slack.faults.dropAfterDelivery('chat.postMessage');
    await override();
    harness.slack.faults.failNext('conversations.history', 403);
    await deliver();
    const [first, second] = cards();
    expect(cards()).toHaveLength(2);
    const click = { channel: APPROVALS, actionId: CONFIRM_OVERRIDE_ACTION };
    await harness.slack.as(SLACK_USERS.olga).clickButton({ ...click, ts: first?.ts ?? '' });
    expect(await harness.work()).toEqual([]);
    expect(harness.told('olga')[0]).toContain('This card was sent twice, and the other one counts.');
    expect(harness.told('olga')[0]).toContain(second?.ts);
    expect((await rows())[0]?.confirmedBy).toBeNull();
    await press('olga', CONFIRM_OVERRIDE_ACTION);
    expect((await rows())[0]?.confirmedBy).toBe('olga');
  });
});
