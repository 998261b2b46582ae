import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createLead } from '../../src/services/index.ts';
import { compiled } from '../support/compiled.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { LeadReport } from '../support/lead-child.ts';

const CHILD = join(import.meta.dirname, '../support/lead-child.ts');
const LEASE = 3000;

/** Another process, which leads by now. */
async function startLeader({ connectionString }: TestDatabase) {
  const child = fork(CHILD, [connectionString, `${LEASE}`], {
    execArgv: [],
    env: { ...process.env, ...compiled() },
  });
  expect(await saysNext(child)).toBe('leads');
  return Object.assign(child, {
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  });
}

async function saysNext(child: ChildProcess): Promise<LeadReport['kind']> {
  const [{ kind }] = (await once(child, 'message')) as [LeadReport];
  return kind;
}

const takenBy = (lead: ReturnType<typeof createLead>) => async () => (await lead.take()) !== null;
const SOON = { timeout: 20_000, interval: 50 };

it('a leader that is killed is followed at once', { timeout: 60_000 }, async () => {
  await using database = await createTestDatabase();
  await using leader = await startLeader(database);
  const next = createLead(database, LEASE);
  expect(await next.take()).toBe(null);
  leader.kill('SIGKILL');
  await vi.waitFor(async () => expect(await takenBy(next)()).toBe(true), SOON);
  await next.release();
});

it('a leader that was stopped is followed, and commits nothing when it goes on', {
  timeout: 60_000,
}, async () => {
  await using database = await createTestDatabase();
  await using leader = await startLeader(database);
  const next = createLead(database, LEASE);
  expect(await next.take()).toBe(null);
  leader.kill('SIGSTOP');
  await vi.waitFor(async () => expect(await takenBy(next)()).toBe(true), SOON);
  const answer = saysNext(leader);
  leader.send('commit');
  leader.kill('SIGCONT');
  expect(await answer).toBe('refused');
  expect(await database.db.selectFrom('productions').selectAll().execute()).toEqual([]);
  expect(await next.holds()).toBe(true);
  await next.release();
});

it('a leader of whom nothing is asked for longer than the lease goes on to lead', {
  timeout: 60_000,
}, async () => {
  await using database = await createTestDatabase();
  await using leader = await startLeader(database);
  const next = createLead(database, LEASE);
  const until = performance.now() + 1.5 * LEASE;
  while (performance.now() < until) expect(await next.take()).toBe(null);
  leader.send('commit');
  expect(await saysNext(leader)).toBe('committed');
});
