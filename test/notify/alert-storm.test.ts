import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/index.ts';
import { createAlertChannel } from '../../src/notify/index.ts';
import { deliverStorm } from '../../src/services/index.ts';
import { fireFindings, insertStorm, resolveFindings, tellApart } from '../../src/storage/index.ts';
import { alertingIn } from '../support/alerting.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { FINDING } from './samples.ts';
import { ALERTS, type ClientInWorkspace, openWorkspace } from './workspace.ts';

let place: ClientInWorkspace;
let database: TestDatabase;
beforeAll(async () => {
  [place, database] = await Promise.all([openWorkspace(), createTestDatabase()]);
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await database.close();
});

const now = () => new Date().toISOString();
const messages = () => place.slack.messages(ALERTS);
const said = () => JSON.stringify(messages()[0]?.blocks);

/** So many findings that they are told in one message; their ids, and the storm's. */
async function fireStorm(count: number) {
  const finding = (index: number): Finding => ({
    ...FINDING,
    key: `k${index}`,
    modelId: `<!channel> ${index}`,
  });
  return database.db.transaction().execute(async (tx) => {
    const fired: number[] = [];
    for (let index = 0; index < count; index++)
      fired.push((await fireFindings(tx, [finding(index)], now()))[0]?.id ?? 0);
    return { fired, storm: await insertStorm(tx, { kind: FINDING.kind, beganAt: now() }, fired) };
  });
}

/** Tells of a storm as the monitor's process does, by Slack's Web API. */
async function deliver(storm: number): Promise<void> {
  const name = '#model-alerts';
  const options = { nameOf: (person: string) => person, runUrl: () => null };
  const channel = createAlertChannel(place.client, name, options);
  const alerting = alertingIn(name, channel);
  await deliverStorm({ db: database.db, clock: { now }, newId: randomUUID, alerting }, storm);
}

it('many findings at once are one message, which follows what becomes of them and pings nobody', async () => {
  const { fired, storm } = await fireStorm(40);
  place.slack.faults.dropAfterDelivery('chat.postMessage');
  await expect(deliver(storm)).rejects.toThrow('unreachable');
  await Promise.all([deliver(storm), deliver(storm)]);
  expect(messages(), 'also where it is unknown whether the first was posted').toHaveLength(1);
  expect(said()).toContain('40 findings at once: hash mismatch');
  expect(said()).toContain('*40 of 40 still fire.*');
  expect(said()).toContain('&lt;!channel&gt; 7');
  expect(said()).not.toContain('<!channel>');
  const { db } = database;
  await db.transaction().execute(async (tx) => {
    for (const id of fired.slice(1)) await resolveFindings(tx, [id], now());
  });
  await deliver(storm);
  expect(said()).toContain('*1 of 40 still fire.*');
  await db.transaction().execute(async (tx) => {
    await tellApart(tx, fired.slice(0, 1));
    await resolveFindings(tx, fired.slice(0, 1), now());
  });
  await deliver(storm);
  expect(messages()).toHaveLength(1);
  expect(said()).toContain('🟢 Resolved, 40 findings at once');
});
