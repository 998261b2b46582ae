import { expect, it } from 'vitest';
import { HOUR, later, MINUTE } from '../../src/lib/index.ts';
import { relayDueJobs } from '../../src/services/index.ts';
import { addToOutbox } from '../../src/storage/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { openGovernance } from '../support/governed-artifact.ts';

it('hands over again what is not done: an alert every two minutes, whoever is away; all else ever more rarely', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const { clock, context } = openGovernance(db);
  const start = clock.now();
  await db.transaction().execute(async (tx) => {
    await addToOutbox(tx, { queue: 'alerts', name: 'deliver-finding', payload: { findingId: '1' } }, start);
    await addToOutbox(tx, { queue: 'slack', name: 'tell-expiry', payload: { findingId: '1' } }, start);
  });
  const handed = new Map<string, number[]>();
  for (let minute = 0; later(start, 6 * HOUR) > clock.now(); minute++) {
    await relayDueJobs(context, async ({ queue }) => {
      handed.set(queue, [...(handed.get(queue) ?? []), minute]);
    });
    clock.advance(MINUTE);
  }
  const alerts = Array.from({ length: 180 }, (_, n) => 1 + 2 * n);
  expect(handed.get('alerts')).toEqual([0, ...alerts]);
  expect(handed.get('slack')).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303]);
});
