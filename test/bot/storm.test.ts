import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ECHO, postEchoes } from '../../bench/clicks/echo.ts';
import { type Ground, openGround, type RunningBot, until } from '../../bench/clicks/ground.ts';
import { type Acknowledgements, clickAtOnce, storm } from '../../bench/clicks/storm.ts';
import { BUNDLE } from '../support/bundled.ts';
import { compiled } from '../support/compiled.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

// Bots in processes of their own, as main starts them, with Slack behind a WebSocket.
const CARDS = 10;

let database: TestDatabase;
let ground: Ground;
let echoed: Acknowledgements;
let bots: RunningBot[];
beforeAll(async () => {
  database = await createTestDatabase();
  ground = await openGround(database.connectionString, compiled(), join(BUNDLE, 'main.js'));
  const { sockets } = ground.slack;
  const echoes = await Promise.all([ground.startEcho('socket'), ground.startEcho('socket')]);
  await sockets.waitForConnections(2);
  echoed = await clickAtOnce(ground, await postEchoes(ground, CARDS), ECHO);
  await Promise.all(echoes.map((echo) => echo.kill()));
  await until(() => sockets.count() === 0, 'the bare apps are gone');
  bots = await Promise.all([ground.startBot('socket'), ground.startBot('socket')]);
  await sockets.waitForConnections(2);
}, 120_000);
afterAll(async () => {
  await ground[Symbol.asyncDispose]();
  await database.close();
});

it('two bots, 200 clicks on 10 cards at once: everybody counts once, all cards end right, none is acknowledged late where bare Bolt is not', {
  timeout: 120_000,
}, async () => {
  const report = await storm(ground, await ground.ask(CARDS));
  expect(report).toMatchObject({
    clicks: 200,
    decisions: 80,
    doubles: 0,
    wrongCards: 0,
    strayCards: 0,
    answers: 200,
  });
  expect(report.unacknowledged).toBeLessThanOrEqual(echoed.unacknowledged);
});

async function count(table: 'inbox' | 'approval_decisions'): Promise<number> {
  const { countAll } = database.db.fn;
  const row = await database.db
    .selectFrom(table)
    .select(countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return Number(row.rows);
}

it('both bots are killed, one while clicks arrive and one while they are answered: none that was acknowledged is lost, none counts twice', {
  timeout: 180_000,
}, async () => {
  const cards = await ground.ask(CARDS / 2);
  const [clicksBefore, decisionsBefore] = [await count('inbox'), await count('approval_decisions')];
  const report = await storm(ground, cards, async () => {
    await until(async () => (await count('inbox')) > clicksBefore, 'a click is kept');
    await bots[0]?.kill();
    await ground.startBot('socket');
    await until(async () => (await count('approval_decisions')) > decisionsBefore, 'somebody has decided');
    await bots[1]?.kill();
    await ground.startBot('socket');
  });
  expect(report).toMatchObject({ decisions: 40, doubles: 0, wrongCards: 0, strayCards: 0 });
  const acknowledged = report.clicks - report.unacknowledged;
  expect((await count('inbox')) - clicksBefore).toBeGreaterThanOrEqual(acknowledged);
  expect(report.answers, 'a receipt may come twice, none is missing').toBeGreaterThanOrEqual(acknowledged);
});
