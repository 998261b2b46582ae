import { expect, it } from 'vitest';
import { openGround } from '../../bench/clicks/ground.ts';
import { storm } from '../../bench/clicks/storm.ts';
import { createTestDatabase } from '../support/database.ts';

it('two bots, 200 clicks on 10 cards at once: everybody counts once, all cards end right', {
  timeout: 120_000,
}, async () => {
  await using database = await createTestDatabase();
  await using ground = await openGround(database.connectionString);
  await Promise.all([ground.startBot('socket'), ground.startBot('socket')]);
  await ground.slack.sockets.waitForConnections(2);
  const cards = await ground.ask(10);
  const report = await storm(ground, cards);
  expect(report).toMatchObject({
    clicks: 200,
    decisions: 80,
    doubles: 0,
    wrongCards: 0,
    strayCards: 0,
    answers: 200,
  });
});
