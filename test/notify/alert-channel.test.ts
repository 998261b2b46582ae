import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/index.ts';
import { createAlertChannel } from '../../src/notify/index.ts';
import { deliverFinding } from '../../src/services/index.ts';
import { fireFindings, resolveFindings } from '../../src/storage/index.ts';
import { alertingIn } from '../support/alerting.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { FINDING } from './samples.ts';
import { ALERTS, type ClientInWorkspace, openWorkspace } from './workspace.ts';

let place: ClientInWorkspace;
let database: TestDatabase;
beforeEach(async () => {
  [place, database] = await Promise.all([openWorkspace(), createTestDatabase()]);
});
afterEach(async () => {
  await place[Symbol.asyncDispose]();
  await database.close();
});

const now = () => new Date().toISOString();
const messages = () => place.slack.messages(ALERTS);
const said = () => JSON.stringify(messages()[0]?.blocks);

async function deliver(id: number, name = '#model-alerts'): Promise<void> {
  const channel = createAlertChannel(place.client, name, { nameOf: (person) => person, runUrl: () => null });
  const ctx = { db: database.db, clock: { now }, newId: randomUUID, alerting: alertingIn(name, channel) };
  await deliverFinding(ctx, id);
}

async function fire(finding: Finding = FINDING): Promise<number> {
  const [fired] = await database.db.transaction().execute((tx) => fireFindings(tx, [finding], now()));
  if (fired === undefined) throw new Error('it fires already');
  return fired.id;
}

describe('a finding', () => {
  it('is one message for its whole life', async () => {
    const id = await fire();
    await deliver(id);
    await deliver(id);
    expect(messages()).toHaveLength(1);
    expect(said()).toContain('🔴 Hash mismatch: fraud-detection 4.1.2');
    expect(said()).toContain('What to do');
    await database.db.transaction().execute((tx) => resolveFindings(tx, [id], now()));
    await deliver(id);
    expect(messages()).toHaveLength(1);
    expect(said()).toContain('🟢 Resolved, hash mismatch: fraud-detection 4.1.2');
    expect(said()).not.toContain('What to do');
  });

  it('that comes again is another message', async () => {
    const first = await fire();
    await deliver(first);
    await database.db.transaction().execute((tx) => resolveFindings(tx, [first], now()));
    await deliver(first);
    await deliver(await fire());
    expect(messages()).toHaveLength(2);
  });

  it('is not posted twice when posting was cut off after it', async () => {
    const id = await fire();
    place.slack.faults.dropAfterDelivery('chat.postMessage');
    await expect(deliver(id)).rejects.toThrow('unreachable');
    await deliver(id);
    expect(messages()).toHaveLength(1);
  });

  it('is told though a message of the same kind stands there already', async () => {
    await deliver(await fire());
    await deliver(await fire({ ...FINDING, key: 'another', modelVersion: '4.1.3' }));
    expect(messages()).toHaveLength(2);
  });

  it('is posted anew when somebody deleted its message', async () => {
    const id = await fire();
    await deliver(id);
    place.slack.removeMessage(ALERTS, messages()[0]?.ts ?? '');
    await deliver(id);
    expect(messages()).toHaveLength(1);
  });

  it('reaches a channel given by id as well', async () => {
    const id = await fire();
    await deliver(id, ALERTS);
    await deliver(id, ALERTS);
    expect(messages()).toHaveLength(1);
  });
});
