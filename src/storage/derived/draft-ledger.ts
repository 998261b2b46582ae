import { sql } from 'kysely';
import { type CompactRange, emptyRange, rootOf } from '../../attestation/index.ts';
import { CountersignError, type VerifiedStatement } from '../../domain/index.ts';
import type { Tx } from '../database.ts';
import { type LedgerRow, readStatements } from '../ledger-tree.ts';
import { resignaturesOf } from '../resignatures.ts';
import { findRun } from '../runs.ts';
import { draftStatement } from './draft.ts';
import { readEntry } from './entry.ts';
import { grownBy } from './tree.ts';
import { unprovedColumns } from './unsigned.ts';
import type { RebuildWish } from './wish.ts';

const PAGE = 256;

/** Takes every statement of the ledger into the draft, page by page; returns the tree that its entries give. */
export async function draftLedger(tx: Tx, wish: RebuildWish): Promise<CompactRange> {
  let range = emptyRange();
  await demandTimes(tx);
  const total = await countEntries(tx);
  const known = wish.signed?.treeSize ?? 0;
  while (range.size < Math.max(total, known)) {
    const rows = await readStatements(tx, range.size, range.size + PAGE);
    demandUnbroken(rows, range.size);
    demandSigned(range, rows, wish);
    await draftPage(tx, wish, rows);
    range = grownBy(range, rows).range;
    wish.onProgress(range.size, total);
  }
  return range;
}

/** A time that no statement can have, which only an administrator can put there, could not even be read. */
async function demandTimes(tx: Tx): Promise<void> {
  const row = await tx
    .selectFrom('ledger')
    .select(['index', sql<string>`recorded_at::text`.as('time')])
    .where(sql<boolean>`not recorded_at between '0001-01-01Z' and '9999-12-31Z'`)
    .orderBy('index')
    .limit(1)
    .executeTakeFirst();
  if (row !== undefined)
    throw tampered(`entry ${row.index} of the ledger was recorded at "${row.time}", which is no time`);
}

async function countEntries(tx: Tx): Promise<number> {
  const { last } = await tx
    .selectFrom('ledger')
    .select(({ fn }) => fn.max<number | null>('index').as('last'))
    .executeTakeFirstOrThrow();
  return last === null ? 0 : last + 1;
}

function demandUnbroken(rows: readonly LedgerRow[], from: number): void {
  const gap = rows.findIndex(({ index }, at) => index !== from + at);
  if (rows.length === 0 || gap >= 0)
    throw tampered(`entry ${from + Math.max(gap, 0)} of the ledger is missing`);
}

/** Where the entries do not give the head that was signed, deriving from them would cover up that they were changed. */
function demandSigned(range: CompactRange, rows: readonly LedgerRow[], { signed }: RebuildWish): void {
  const left = (signed?.treeSize ?? 0) - range.size;
  if (signed === null || left <= 0 || left > rows.length) return;
  if (rootOf(grownBy(range, rows.slice(0, left)).range) !== signed.root)
    throw tampered(
      `the first ${signed.treeSize} entries of the ledger are not those of the checkpoint that was signed`,
    );
}

function tampered(what: string): CountersignError {
  const see = 'see "The ledger was tampered with" in docs/operations.md';
  return new CountersignError('integrity', `${what}: nothing was changed; ${see}`);
}

async function draftPage(tx: Tx, wish: RebuildWish, rows: readonly LedgerRow[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const copies = Map.groupBy(await resignaturesOf(tx, ids), ({ statement }) => statement);
  const by = { verifier: wish.verifier, policy: wish.trust.policy };
  for (const row of rows) {
    const read = readEntry(row, copies.get(row.id) ?? [], by);
    const why = read.ok ? await place(tx, wish, read.statement) : read.why;
    if (why !== null) wish.onRefused({ index: row.index, id: row.id, why });
  }
}

/** Takes a statement into the draft; says why not where it has no place there. */
async function place(tx: Tx, wish: RebuildWish, statement: VerifiedStatement): Promise<string | null> {
  const { trust, people } = wish;
  const runId = 'runId' in statement.body ? statement.body.runId : null;
  const run = runId === null ? null : await findRun(tx, runId);
  if (runId !== null && run === null) return `it is of run ${runId}, which nobody submitted`;
  const why = await draftStatement(tx, statement, { trust, people, run });
  const unproved = why === null ? await unprovedColumns(tx, statement) : null;
  if (unproved !== null) wish.onDifference(unproved);
  return why;
}
