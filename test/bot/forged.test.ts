import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeArtifact } from '../../src/services/index.ts';
import type { Db } from '../../src/storage/index.ts';
import { type Asked, type BotHarness, buttonValueOf, startBotHarness } from '../support/bot-harness.ts';
import { SLACK_USERS, TEAM } from '../support/bot-story.ts';
import { SURFACES, type Surface } from '../support/database.ts';

let harness: BotHarness;
let asked: Asked;

beforeAll(async () => {
  harness = await startBotHarness();
  asked = await harness.ask();
});
afterAll(() => harness[Symbol.asyncDispose]());

const DENIED = /permission denied|row-level security/;
const THIEVES = SURFACES.filter((surface) => surface !== 'bot');

/** What a thief would have the bot believe that Lea or Cora did in Slack, of each type that the bot answers. */
const TYPES = [
  ...['decide', 'withdraw', 'handle_finding', 'token', 'override', 'confirm_override', 'document_override'],
  ...['order.delegate', 'order.stop_delegation', 'order.withdraw_request', 'foreign'],
] as const;

function forgery(type: string, user: string): Readonly<Record<string, unknown>> {
  const { modelId, modelVersion, artifact } = asked.run;
  return {
    ...{ type, account: { team: TEAM, user }, channel: null, message: null },
    ...{ button: buttonValueOf(asked.card), decision: 'approved', reason: 'because', retyped: null },
    ...{ modelId, modelVersion, environment: 'production', view: artifact.digest, reference: null, hours: 4 },
    ...{ documentation: 'it was right', tokenId: 'any', isMine: true, requestId: asked.requestId },
    ...{ action: 'acknowledge', finding: '1', user, until: '2999-01-01T00:00:00.000Z', zone: 'UTC' },
  };
}

async function insert(db: Db, source: string, payload: Readonly<Record<string, unknown>>): Promise<string> {
  const id = randomUUID();
  await sql`insert into inbox (id, source, dedupe_key, payload, received_at)
    values (${id}, ${source}, ${id}, ${JSON.stringify(payload)}, now())`.execute(db);
  return id;
}

/** Has the bot answer it, now. */
async function queue(db: Db, inboxId: string): Promise<void> {
  await sql`insert into outbox (queue, name, payload, created_at, next_at, tries)
    values ('answers', 'answer-action', ${JSON.stringify({ inboxId })}, now(), now(), 0)`.execute(db);
}

const isApproved = async () =>
  (
    await judgeArtifact(harness.story.context, {
      artifact: asked.run.artifact.digest,
      environment: 'production',
    })
  ).allowed;

describe('whoever took over another surface than the bot', () => {
  it.each(THIEVES.flatMap((surface) => TYPES.map((type) => [surface, type] as const)))(
    'as %s can put no %s of Slack into the inbox',
    async (surface: Surface, type) => {
      const thief = harness.database.as(surface);
      await expect(insert(thief, 'slack', forgery(type, SLACK_USERS.lea))).rejects.toThrow(DENIED);
    },
  );

  it.each(THIEVES)('as %s can change nothing that is in the inbox', async (surface) => {
    const thief = harness.database.as(surface);
    await insert(harness.database.as('bot'), 'slack', { type: 'foreign' });
    await expect(sql`update inbox set source = 'slack', payload = '{}'`.execute(thief)).rejects.toThrow(
      DENIED,
    );
    await expect(sql`delete from inbox`.execute(thief)).rejects.toThrow(DENIED);
  });

  it.each(['queue', 'monitor', 'fetcher'] as const)('as %s has the bot answer nothing', async (surface) => {
    await expect(queue(harness.database.as(surface), 'any')).rejects.toThrow(DENIED);
  });

  it('as api has the bot take none of it for something that came from Slack', async () => {
    const thief = harness.database.as('api');
    const before = await harness.answered();
    for (const type of TYPES)
      for (const user of [SLACK_USERS.lea, SLACK_USERS.cora, SLACK_USERS.otto, SLACK_USERS.olga])
        await queue(thief, await insert(thief, 'api', forgery(type, user)));
    expect(await harness.work()).toEqual([]);
    const after = (await harness.answered()).slice(before.length);
    expect(new Set(after)).toEqual(new Set(['not_understood']));
    expect(await isApproved()).toBe(false);
  });
});

describe('whoever owns the tables', () => {
  it('has the bot take nothing of what it did not put into the inbox itself, and is heard of', async () => {
    const owner = harness.database.db;
    const before = await harness.answered();
    for (const type of TYPES)
      for (const user of [SLACK_USERS.lea, SLACK_USERS.cora])
        await queue(owner, await insert(owner, 'slack', forgery(type, user)));
    expect(await harness.work()).toEqual([]);
    const after = (await harness.answered()).slice(before.length);
    expect(after).toEqual(after.map(() => 'refused:unproven'));
    const loud = harness.log.filter(({ level, message }) => level === 'error' && message.includes('forging'));
    expect(loud).toHaveLength(after.length);
    expect(await isApproved()).toBe(false);
  });

  it.each([
    ['account', `jsonb_set(payload, '{account,user}', '"${SLACK_USERS.cora}"')`, 'payload'],
    ['time', `received_at + interval '1 second'`, 'received_at'],
  ])('makes no other click of one that waits, by its %s', async (_what, value, column) => {
    const [before, waiting] = [await harness.answered(), 'outcome is null'];
    await harness.approve('lea', asked.card);
    await sql.raw(`update inbox set ${column} = ${value} where ${waiting}`).execute(harness.database.db);
    expect(await harness.work()).toEqual([]);
    expect((await harness.answered()).slice(before.length)).toEqual(['refused:unproven']);
  });

  it('keeps nobody from approving, who clicks', async () => {
    await harness.click('lea', asked.card);
    await harness.click('cora', asked.card);
    expect(await isApproved()).toBe(true);
  });
});
