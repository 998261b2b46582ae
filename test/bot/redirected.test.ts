import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { judgeArtifact } from '../../src/services/index.ts';
import { cardButtons } from '../../src/storage/migrations/0037-card-buttons.ts';
import {
  type Asked,
  type BotHarness,
  buttonValueOf,
  clickBody,
  startBotHarness,
  textOf,
  unaskedIn,
} from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';

let harness: BotHarness;
let harmless: Asked;
let bad: Asked;

beforeAll(async () => {
  harness = await startBotHarness();
  harmless = await harness.ask({ modelVersion: '1.0' });
  bad = await harness.ask({ modelVersion: '2.0' });
});
afterAll(() => harness[Symbol.asyncDispose]());

const isAllowed = async ({ run }: Asked) =>
  (await judgeArtifact(harness.story.context, { artifact: run.artifact.digest, environment: 'production' }))
    .allowed;

const decided = async () =>
  harness.database.db.selectFrom('approval_decisions').select(['request', 'person']).execute();

const errors = () =>
  harness.log.filter(({ level, message }) => level === 'error' && /postings/.test(message));

/** As whoever owns the tables: what the database says that both cards are about changes places. */
async function exchange(): Promise<void> {
  const { db } = harness.database;
  const [one, other] = await db
    .selectFrom('postings')
    .select(['id', 'about', 'view_digest'])
    .where('kind', '=', 'approval_card')
    .execute();
  if (one === undefined || other === undefined) throw new Error('two cards were posted');
  const point = (id: string, to: Pick<typeof one, 'about' | 'view_digest'>) =>
    db.updateTable('postings').set({ about: to.about, view_digest: to.view_digest }).where('id', '=', id);
  await point(one.id, { ...one, about: 'aside' }).execute();
  await point(other.id, one).execute();
  await point(one.id, other).execute();
}

/** What the card of the harmless model shows, once what is due was done. */
async function shownNow(): Promise<string> {
  await harness.work();
  return textOf(harness.now(harmless.card));
}

/** Cards that are to be shown anew. */
async function behind(): Promise<number> {
  const rows = await harness.database.db
    .selectFrom('deliveries')
    .select('posting')
    .whereRef('shown', '<', 'wanted')
    .execute();
  return rows.length;
}

it('no click on a card counts for what the database says that the card is about', async () => {
  await exchange();
  await harness.click('lea', harmless.card);
  await harness.slack.rawRequest(
    harness.slack.sign(
      clickBody({ action: 'approval.approve_at_once', value: buttonValueOf(harmless.card) }),
    ),
  );
  expect(await harness.work()).toEqual([]);
  expect(await decided()).toEqual([]);
  expect(errors().length).toBeGreaterThan(0);
  expect(harness.told('lea').join('\n')).toContain('This card is not the one that was posted');
});

it('the card is shown anew as what its buttons mean, and put right it counts', async () => {
  await expect.poll(shownNow, { timeout: 20_000 }).toContain('2.0');
  await exchange();
  await harness.click('cora', harness.now(harmless.card));
  expect(await decided()).toEqual([]);
  await expect.poll(shownNow, { timeout: 20_000 }).toContain('1.0');
});

it('a button of an earlier release counts for nothing, and leads to the newest card', async () => {
  const [presentation = ''] = buttonValueOf(harness.now(bad.card)).split('.');
  const { status } = await harness.slack.rawRequest(
    harness.slack.sign(clickBody({ value: presentation, user: SLACK_USERS.lia })),
  );
  expect(status).toBe(200);
  await expect
    .poll(() => harness.told('lia').join('\n'), { timeout: 20_000 })
    .toContain('This card is not the one that was posted');
  expect(await decided()).toEqual([]);
  expect(await behind()).toBe(1);
});

it('after an update the cards that can still be answered are shown anew', async () => {
  await harness.work();
  expect(await behind()).toBe(0);
  await harness.database.db.transaction().execute((tx) => cardButtons.up(tx));
  expect(await behind()).toBe(2);
  await harness.work();
});

it('what is clicked is what counts, and the monitor holds it to the click', async () => {
  const card = harness.now(harmless.card);
  await harness.click('lea', card);
  await harness.click('cora', harness.now(card));
  expect(await isAllowed(harmless)).toBe(true);
  expect(await isAllowed(bad)).toBe(false);
  await sql`update postings set about = about || ' moved'`.execute(harness.database.db);
  expect(await unaskedIn(harness)).toEqual([]);
});
