import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Digest } from '../../src/domain/index.ts';
import { newOpeningKey, publicHalfOf } from '../../src/lib/index.ts';
import type { ApiAnswerOf } from '../../src/services/api-answer.ts';
import { answerByApi } from '../../src/services/index.ts';
import { type Db, findInbox } from '../../src/storage/index.ts';
import {
  type Asked,
  type BotHarness,
  PROOF_KEY,
  startBotHarness,
  unaskedIn,
} from '../support/bot-harness.ts';
import { type IssuedToken, issueToken, sayOfToken, whileBotWorks } from '../support/person-api.ts';

let harness: BotHarness;
let db: Db;
let tokens: Readonly<Record<'lea' | 'cora', IssuedToken>>;

beforeAll(async () => {
  harness = await startBotHarness();
  db = harness.database.db;
  tokens = { lea: await confirmed('lea'), cora: await confirmed('cora') };
});
afterAll(() => harness[Symbol.asyncDispose]());

async function confirmed(person: 'lea' | 'cora'): Promise<IssuedToken> {
  const token = await issueToken(harness, person);
  await sayOfToken(harness, person, 'Confirm');
  return token;
}

let versions = 0;
const ask = () => harness.ask({ modelVersion: `${++versions}.0` });

/** What the API would have the bot be told, of a token whose secret it was not shown. */
async function saying(asked: Asked, person: 'lea' | 'cora'): Promise<ApiAnswerOf<'api_decide'>> {
  const view = await db
    .selectFrom('approval_requests')
    .select('view_digest')
    .where('id', '=', asked.requestId)
    .executeTakeFirstOrThrow();
  return {
    type: 'api_decide',
    ...{
      requestId: asked.requestId,
      decision: 'approved',
      view: Digest.parse(view.view_digest),
      reason: null,
    },
    ...{ tokenId: tokens[person].id, until: '2999-01-01T00:00:00.000Z' },
  };
}

/** Puts an answer into the inbox; returns what became of it. */
async function forge(as: Db, payload: Readonly<Record<string, unknown>>, id: string = randomUUID()) {
  await sql`insert into inbox (id, source, dedupe_key, payload, received_at)
    values (${id}, 'api', ${id}, ${JSON.stringify(payload)}, now())`.execute(as);
  await sql`insert into outbox (queue, name, payload, created_at, next_at, tries)
    values ('answers', 'answer-action', ${JSON.stringify({ inboxId: id })}, now(), '2000-01-01', 0)`.execute(
    as,
  );
  expect(await harness.work()).toEqual([]);
  return (await findInbox(db, id))?.outcome;
}

const decisions = async ({ requestId }: Asked) =>
  db.selectFrom('approval_decisions').select('person').where('request', '=', requestId).execute();

/** Lea approves with her token, by an API that seals to the key that it finds. */
async function approve(asked: Asked, key = PROOF_KEY) {
  const { until: _, ...wish } = await saying(asked, 'lea');
  const context = { ...harness.story.context, proofKey: async () => publicHalfOf(key) };
  return answerByApi(context, wish, tokens.lea.secret);
}

describe('whoever writes to the database and was shown no secret', () => {
  it.each(['api', 'owner'] as const)('as %s answers in nobody’s name', async (who) => {
    const thief = who === 'owner' ? db : harness.database.as('api');
    const asked = await ask();
    for (const person of ['lea', 'cora'] as const) {
      expect(await forge(thief, await saying(asked, person))).toBe('refused:unproven');
      expect(await forge(thief, { ...(await saying(asked, person)), proof: 'AAAA.AAAA' })).toBe(
        'refused:unproven',
      );
    }
    expect(await decisions(asked)).toEqual([]);
    expect(harness.log.filter(({ level }) => level === 'error').at(-1)).toEqual({
      level: 'error',
      message: expect.stringContaining('the secret of its token did not come with it'),
      fields: { inbox: expect.any(String), token: tokens.cora.id },
    });
  });

  it('uses a proof that somebody gave for nothing else', async () => {
    const [asked, other] = [await ask(), await ask()];
    const seen: Record<string, unknown>[] = [];
    const answered = approve(asked);
    await expect
      .poll(async () => {
        const rows = await db
          .selectFrom('inbox')
          .select(['id', 'payload'])
          .where('processed_at', 'is', null)
          .execute();
        seen.push(...rows);
        return seen.length;
      })
      .toBe(1);
    const { payload } = seen[0] as { payload: Record<string, unknown> };
    expect(JSON.stringify(payload)).not.toContain(tokens.lea.secret);
    await expect(whileBotWorks(harness, answered)).resolves.toEqual({ word: 'recorded' });
    expect(await forge(db, payload)).toBe('refused:unproven');
    for (const change of [
      { requestId: other.requestId },
      { decision: 'rejected', reason: 'No.' },
      { until: '2999-01-01T00:00:00.000Z' },
      { tokenId: tokens.cora.id },
    ])
      expect(await forge(db, { ...payload, ...change })).toBe('refused:unproven');
    expect(await decisions(other)).toEqual([]);
  });
});

describe('a person with their token', () => {
  it('is believed; the proof is kept no longer than the answer waits', async () => {
    const asked = await ask();
    expect(await whileBotWorks(harness, approve(asked))).toEqual({ word: 'recorded' });
    expect(await whileBotWorks(harness, approve(asked))).toEqual({ word: 'repeated' });
    const { rows } = await sql`select from inbox where source = 'api' and payload ? 'proof'`.execute(db);
    expect(rows).toEqual([]);
    expect(await unaskedIn(harness)).toEqual([]);
    await sql`update inbox set seal = null where source = 'api'`.execute(db);
    const objections = await unaskedIn(harness);
    expect(objections).not.toEqual([]);
    for (const why of objections)
      expect(why).toMatch(/in the name of lea, but the arrival \S+ in the inbox is not sealed by the bot/);
  });

  it('is told to send it again where the key of the bot was replaced meanwhile', async () => {
    const asked = await ask();
    await expect(whileBotWorks(harness, approve(asked, newOpeningKey()))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('send the same again'),
    });
    expect(await whileBotWorks(harness, approve(asked))).toEqual({ word: 'recorded' });
  });
});
