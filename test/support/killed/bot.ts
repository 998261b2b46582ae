import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { openDatabase } from '../../../src/storage/index.ts';
import { type BotHarness, openBot, workOff } from '../bot-harness.ts';
import { urlAs } from '../database.ts';
import { type Gate, openGate } from '../gate.ts';

/** What happens in one telling of a story. */
export interface Telling {
  /**
   * What sets the bot to work; whether whoever did it was told that it arrived. Where not, they do it again. Without it the
   * bot has work already.
   */
  readonly act?: () => Promise<boolean>;
  /** What has come of it. */
  readonly outcome: () => Promise<unknown>;
  /** Puts away what would get into the way of the next telling. */
  readonly end?: () => Promise<unknown>;
}

/** A story that ends in the same way wherever the bot dies in the middle of it. */
export interface Story {
  readonly name: string;
  /** Tells it for a model version of its own, up to the moment from which on the bot may die. */
  begin(harness: BotHarness, modelVersion: string): Promise<Telling>;
  /** Kinds of the statements that are signed, each once. */
  readonly signs: readonly string[];
  /** Its outcome, always. */
  readonly comes: unknown;
}

let tellings = 0;

/**
 * Tells a story with a bot that is cut off from its database and from Slack after so many messages, as if it had been
 * killed then; another bot goes on. Returns how many messages the first one sent.
 */
export async function tell(
  harness: BotHarness,
  { begin, signs, comes }: Story,
  step: number,
): Promise<number> {
  await using gate = openGate();
  tellings += 1;
  const { act = async () => true, outcome, end } = await begin(harness, `1.${tellings}.0`);
  const known = (await kindsOf(harness)).length;
  const victim = await openVictim(harness, gate);
  const before = gate.passed();
  gate.shutAfter(step);
  const isTaken = await act();
  await victim.work();
  const sent = gate.passed() - before;
  const buried = victim.end();
  await recover(harness);
  if (!isTaken) {
    expect(await act()).toBe(true);
    await recover(harness);
  }
  expect(await outcome(), `cut off after ${step} messages`).toEqual(comes);
  expect((await kindsOf(harness)).slice(known)).toEqual(signs);
  const waiting = harness.story.context.db.selectFrom('inbox').where('processed_at', 'is', null);
  expect(await waiting.select('id').execute()).toEqual([]);
  await end?.();
  await buried;
  return sent;
}

/** Kinds of all statements, oldest first. */
async function kindsOf({ story }: BotHarness): Promise<string[]> {
  const rows = await story.context.db.selectFrom('ledger').select('kind').orderBy('index').execute();
  return rows.map(({ kind }) => kind);
}

/** A bot behind a gate, to which Slack's requests go for now. */
async function openVictim({ slack, story, url, database }: BotHarness, gate: Gate) {
  const db = openDatabase(await gate.through(urlAs(database.connectionString, 'bot')));
  const own = { ...story, context: { ...story.context, db } };
  const bot = openBot(own, { ...slack, apiUrl: await gate.through(slack.apiUrl) }, []);
  await bot.start();
  const server = createServer((request, response) => {
    if (gate.isShut()) request.socket.destroy();
    else bot.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shut = Promise.withResolvers<void>();
  gate.onShut(() => {
    server.closeAllConnections();
    shut.resolve();
  });
  slack.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return {
    // Nobody waits for the dead.
    work: () => Promise.race([workOff(own, bot).catch(() => []), shut.promise]),
    /** Nothing is sent to it any more. Resolves when nothing of it is left. */
    end: async () => {
      slack.connect(url);
      server.closeAllConnections();
      server.close();
      await bot.stop();
      await db.destroy();
    },
  };
}

const LONG_AGO = '2020-01-01T00:00:00.000Z';

/** What is left undone is handed out again, to the bot that lives. */
async function recover({ story, work }: BotHarness): Promise<void> {
  const { db } = story.context;
  for (let round = 0; round < 2; round++) {
    await db.updateTable('outbox').set({ next_at: LONG_AGO }).where('completed_at', 'is', null).execute();
    await db.updateTable('deliveries').set({ due_at: LONG_AGO }).execute();
    expect(await work()).toEqual([]);
  }
}
