import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { APPROVALS, type BotHarness, startBotHarness, textOf } from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
beforeAll(async () => {
  harness = await startBotHarness();
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

/** Gives a command and returns what it answers. */
async function give(text: string, channel = APPROVALS): Promise<string> {
  const before = harness.told('nora').length;
  const given = await harness.slack.as(SLACK_USERS.nora).slashCommand('/governance', text, channel);
  expect(given.problem).toBeNull();
  expect(given.body).toBe('');
  await harness.slack.waitForEphemeral(SLACK_USERS.nora, () => harness.told('nora').length > before);
  return harness.told('nora').at(-1) ?? '';
}

describe('/governance help', () => {
  it.each(['help', '', '  ', 'HELP'])('answers "%s"', async (text) => {
    expect(await give(text)).toContain('`/governance pending`');
  });

  it('answers what it does not know, harmlessly', async () => {
    const answer = await give('<!channel> `status`');
    expect(answer).toContain('I do not know `&lt;!channel&gt;`');
    expect(answer).toContain('/governance status fraud-detection@4.1.2');
  });
});

describe('/governance status', () => {
  it('says that nothing is known of a model, and what to write', async () => {
    const answer = await give('status no-such-model@1.0');
    expect(answer).toContain('nothing is known of no-such-model@1.0');
    expect(answer).toContain('Check the spelling');
  });

  it.each([
    ['status', 'say which model'],
    ['status fraud-detection@v4.1.2', 'write the version without the v: 4.1.2'],
    ['status fraud detection model', 'expected one model'],
    ['status ../etc@1', 'a model is named with letters'],
    ['status a@b@c', 'a version is made of letters'],
    ['status a in', 'say in which environment'],
    ['status a@2026-08-01 in staging', 'of a time all environments are shown'],
  ])('corrects "%s"', async (text, correction) => {
    const answer = await give(text);
    expect(answer).toContain(correction);
    expect(answer).toContain('For example: `/governance status fraud-detection@4.1.2`');
  });

  it('judges for the first environment, or for the one that is named', async () => {
    const { card } = await harness.ask();
    for (const user of ['lea', 'cora'] as const) await harness.click(user, card);
    const usual = await give('status fraud-detection');
    expect(usual).toContain('*4.1.2* is *governed*: it may serve in production');
    expect(usual).toContain('For another environment add `in shadow eu`');
    for (const verb of ['status fraud-detection', `verify ${digestOf('never seen')}`]) {
      const there = await give(`${verb} in shadow eu`);
      expect(there).toMatch(/(may|must not) serve in shadow eu/);
      expect(there).not.toContain('serve in production');
      expect(there).toContain('add `in production`');
      const nowhere = await give(`${verb} in <!channel> x`);
      expect(nowhere).toContain('Governance is required in no environment `&lt;!channel&gt; x`');
      expect(nowhere).toContain('It is in `production`, `shadow eu`.');
    }
  });

  it('tells how a model and its versions stand, and why', async () => {
    const { card, run } = await harness.ask();
    const pending = await give('status fraud-detection@4.1.2');
    expect(pending).toContain('*4.1.2* is *pending*: it must not serve');
    expect(pending).toContain('approval by ml_lead and compliance_officer is missing');
    expect(pending).toContain(run.artifact.digest.slice(0, 19));
    await harness.click('lea', card);
    await harness.click('cora', card);
    for (const text of [
      'status fraud-detection',
      'status `fraud-detection@4.1.2`',
      'STATUS fraud-detection 4.1.2',
    ])
      expect(await give(text)).toContain('*4.1.2* is *governed*: it may serve in production');
    harness.story.advance(100 * DAY);
    expect(await give('status fraud-detection')).toContain('*4.1.2* is *expired*');
    harness.story.advance(-100 * DAY);
  });

  it('tells of a failed one what failed', async () => {
    await harness.story.submit({
      modelId: 'fraud-detection',
      modelVersion: '4.2.0',
      artifact: digestOf('biased'),
      reports: { demographic_parity_within_threshold: { outcome: 'failed', message: 'worse for some' } },
    });
    const answer = await give('status fraud-detection@4.2.0');
    expect(answer).toContain('*4.2.0* is *failed*');
    expect(answer).toContain('bias_and_fairness');
  });

  it('answers where the bot is no member', async () => {
    expect(await give('status fraud-detection', 'C0ELSEWHERE')).toContain('fraud-detection');
  });
});

describe('/governance pending', () => {
  it('lists what waits, for whose answer, and where the card is', async () => {
    expect(await give('pending')).toContain('Nothing waits for an approval');
    const { card } = await harness.ask({ modelVersion: '6.0.0', artifact: digestOf('six') });
    await harness.click('lea', card);
    const answer = await give('pending');
    expect(answer).toContain('1 request waiting for approval');
    expect(answer).toContain('*fraud-detection@6.0.0*');
    expect(answer).toContain(`⏳ *compliance officer*: <@${SLACK_USERS.cora}>`);
    expect(answer).not.toContain('ml lead');
    expect(answer).toMatch(/<http[^|>]+\|Open the card>/);
  });
});

it('answers directly when the place of the command is gone', async () => {
  harness.slack.faults.clear();
  const body = new URLSearchParams({
    api_app_id: 'A0COUNTERSIGN',
    team_id: 'T0TEST',
    user_id: SLACK_USERS.lia,
    channel_id: APPROVALS,
    command: '/governance',
    text: 'help',
    response_url: harness.slack.pageUrl,
  }).toString();
  await harness.slack.rawRequest(harness.slack.sign(body));
  await harness.slack.waitForEphemeral(SLACK_USERS.lia, () => true);
  expect(harness.told('lia')[0]).toContain('/governance help');
});

it('says so when it cannot look something up', async () => {
  await harness.story.context.db.schema.alterTable('approval_requests').renameTo('away').execute();
  expect(await give('pending')).toContain('I could not look that up');
  await harness.story.context.db.schema.alterTable('away').renameTo('approval_requests').execute();
});

describe('what somebody may have meant', () => {
  it.each([
    ['status fraud-detecton', 'Did you mean `/governance status fraud-detection`?'],
    ['history Fraud_Detection', 'Did you mean `/governance history fraud-detection`?'],
    ['stats fraud-detection', 'Did you mean `/governance status`?'],
  ])('is asked after "%s"', async (text, question) => {
    expect(await give(text)).toContain(question);
  });
});

describe('/governance history', () => {
  it('tells what became of the submissions, and turns its pages in place', async () => {
    for (let version = 0; version < 8; version++)
      await harness.story.submit({
        modelId: 'paged',
        modelVersion: `1.0.${version}`,
        artifact: digestOf(`paged ${version}`),
      });
    const first = await give('history paged');
    expect(first).toContain('1.0.7');
    expect(first).not.toContain('1.0.1*');
    const shown = harness.slack.ephemerals(SLACK_USERS.nora).at(-1);
    if (shown === undefined) throw new Error('nothing was answered');
    const count = harness.told('nora').length;
    await harness.slack
      .as(SLACK_USERS.nora)
      .clickButton({ channel: shown.channel, ts: shown.ts, text: 'Older →' });
    await harness.slack.waitForEphemeral(SLACK_USERS.nora, (message) => textOf(message).includes('page 2'));
    expect(harness.told('nora')).toHaveLength(count);
    expect(harness.told('nora').at(-1)).toContain('1.0.1');
  });
});

describe('/governance search', () => {
  it('finds what holds all words, and nothing for a word that stands for any', async () => {
    expect(await give('search paged 1.0.3')).toContain('Submission *paged@1.0.3*');
    expect(await give('search paged %')).toContain('Nothing holds');
    expect(await give('search')).toContain('say which words');
  });
});

describe('/governance verify', () => {
  it('judges bytes by their digest, or by its beginning where that is clear', async () => {
    const digest = digestOf('paged 3');
    for (const text of [digest, digest.slice('sha256:'.length), digest.slice(0, 24)]) {
      const answer = await give(`verify ${text}`);
      expect(answer).toContain(digest);
      expect(answer).toContain('must not serve in production');
      expect(answer).toContain('paged@1.0.3: submitted');
    }
    expect(await give(`verify ${digestOf('unheard of')}`)).toContain('neither submitted nor seen deployed');
    expect(await give('verify 00000000')).toContain('No artifact that I know begins with');
    expect(await give('verify abc')).toContain('expected the SHA-256 of an artifact');
  });
});
