import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf, type Finding } from '../../src/domain/index.ts';
import { administer, openWatched, type Watched } from './watched.ts';

const MODEL = { modelId: 'fraud-detection', modelVersion: '1', artifact: digestOf('bad') } as const;
const TABLES = ['ledger', 'ledger_nodes', 'ledger_state'] as const;
const FAILING = { ...MODEL, outcomes: { demographic_parity_within_threshold: 'failed' } } as const;
let watched: Watched;

beforeEach(async () => {
  watched = await openWatched();
  await watched.governance.govern(MODEL);
  await watched.tick();
  await asOwner(
    'create function swallow() returns trigger language plpgsql as $$ begin return null; end $$',
    'create function take_away() returns trigger language plpgsql as $$ begin delete from ledger where id = new.id; return null; end $$',
  );
});
afterEach(() => watched[Symbol.asyncDispose]());

async function asOwner(...statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(watched.database.db);
}

async function found(): Promise<Finding[]> {
  await watched.tick();
  return (await watched.firing()).map(({ finding }) => finding);
}

it.each(TABLES)('does not take a row of %s for appended that a trigger swallowed', async (table) => {
  const on = table === 'ledger_state' ? 'update' : 'insert';
  await asOwner(
    `create trigger swallows before ${on} on ${table} for each row execute function swallow()`,
    'alter table stage_results drop constraint stage_results_statement_fkey',
  );
  const what = new RegExp(
    `does not keep what is appended to the ledger: of \\d+ rows for ${table} it took 0`,
  );
  await expect(watched.governance.submit(FAILING)).rejects.toThrow(what);
});

it('does not take an entry for appended that is gone again before the end', async () => {
  await asOwner(
    'alter table ledger disable trigger ledger_append_only',
    'create trigger takes after insert on ledger for each row execute function take_away()',
  );
  await expect(watched.governance.submit(FAILING)).rejects.toThrow(/it does not hold the entry \d+ that was/);
});

it('names the statements of a run that were taken out again before a tick saw them', async () => {
  const { db } = watched.database;
  const { rows } = await sql<{ size: number; range: unknown }>`select size, range from ledger_state`.execute(
    db,
  );
  const [before] = rows;
  if (before === undefined) throw new Error('the ledger has no head');
  await watched.governance.submit(FAILING);
  await administer(
    db,
    `delete from ledger where index >= ${before.size}`,
    `delete from ledger_nodes where (index + 1) * (2 ^ level)::bigint > ${before.size}`,
    sql`update ledger_state set size = ${before.size}, range = ${JSON.stringify(before.range)}`,
  );
  const [finding, ...others] = await found();
  expect(others).toEqual([]);
  expect(finding?.kind).toBe('ledger_tampered');
  expect(finding?.summary).toMatch(/it lacks the statement \w{64}, by which there is a row in \w+/);
});
