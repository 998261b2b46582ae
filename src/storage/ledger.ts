import { type Selectable, sql } from 'kysely';
import { growRange, leafHash, rootOf, type TreeHead } from '../attestation/index.ts';
import {
  CLOCK_SKEW,
  CountersignError,
  type Digest,
  type Instant,
  type KeyId,
  type LedgerEntry,
  type StatementId,
} from '../domain/index.ts';
import { DAY, later } from '../lib/index.ts';
import { demandRemembered, noteAppended } from './append-memory.ts';
import type { Db, Tx } from './database.ts';
import { readAtOnce } from './read-at-once.ts';
import { type Resignature, resignaturesOf } from './resignatures.ts';
import type { Tables } from './tables.ts';

/** A statement as the ledger holds it. */
export interface StoredStatement extends LedgerEntry {
  readonly kind: string;
  /** Digest of what the statement is filed under. */
  readonly subject: string;
  readonly bundle: string;
  /** Signatures that were added later, oldest first. */
  readonly copies: readonly Resignature[];
}

/** A signed statement of whatever kind, as it is appended. */
export interface Appendable {
  readonly id: StatementId;
  readonly kind: string;
  readonly subject: Digest;
  readonly bundle: string;
  readonly statement: { readonly keyId: KeyId };
}

/**
 * Appends a statement; one that is there already keeps its place. Appends take turns on the state row, so indexes
 * have no gaps and the tree no forks. The lock is held until the transaction ends: append last. What is recorded later
 * is never recorded as earlier: a clock that is a little behind is taken to be where the last entry was.
 *
 * @throws CountersignError `unavailable` where the clock is more than a minute behind the last entry, or is not what the
 *   database's shows; `integrity` where it is so far behind that no clock is to blame, and while what this process appended is not there
 */
export async function appendStatement(tx: Tx, signed: Appendable, now: Instant): Promise<LedgerEntry> {
  const state = await tx.selectFrom('ledger_state').selectAll().forUpdate().executeTakeFirstOrThrow();
  await demandRemembered(tx, (index) => idAt(tx, index));
  const present = await tx.selectFrom('ledger').selectAll().where('id', '=', signed.id).executeTakeFirst();
  const entry = present === undefined ? await append(tx, state, signed, now) : toEntry(present);
  noteAppended(tx, entry);
  return entry;
}

async function append(
  tx: Tx,
  state: Selectable<Tables['ledger_state']>,
  signed: Appendable,
  now: Instant,
): Promise<LedgerEntry> {
  const recordedAt = await inOrder(tx, state.size, now);
  const { id, kind, subject, bundle } = signed;
  const row = {
    index: state.size,
    id,
    kind,
    subject,
    key_id: signed.statement.keyId,
    bundle,
    recorded_at: recordedAt,
  };
  const inserted = await tx.insertInto('ledger').values(row).executeTakeFirst().catch(asClocks);
  const entry = toEntry(row);
  const { range, nodes } = growRange({ size: state.size, hashes: state.range }, leafHash(entry));
  const hashed = await tx
    .insertInto('ledger_nodes')
    .values([...nodes])
    .executeTakeFirst();
  const moved = await tx
    .updateTable('ledger_state')
    .set({ size: range.size, range: JSON.stringify(range.hashes) })
    .executeTakeFirst();
  demandRows('ledger', inserted.numInsertedOrUpdatedRows, 1);
  demandRows('ledger_nodes', hashed.numInsertedOrUpdatedRows, nodes.length);
  demandRows('ledger_state', moved.numUpdatedRows, 1);
  await demandAppended(tx, entry, { treeSize: range.size, root: rootOf(range) });
  return entry;
}

/** The database compares the time with its own clock, unless whoever records owns its tables. */
function asClocks(error: Error & { readonly code?: string }): never {
  if (error.code !== 'CS001') throw error;
  const message = `${error.message}: set the clocks of all machines by NTP`;
  throw new CountersignError('unavailable', message, { cause: error });
}

/** A trigger or a rule can swallow rows without an error: whoever appends must know that it did. */
function demandRows(table: string, written: bigint | undefined, expected: number): void {
  if (written !== BigInt(expected))
    throw swallowed(`of ${expected} rows for ${table} it took ${written ?? 0}`);
}

/** What was appended must be there to be read, and lead to the head that it gives. */
async function demandAppended(tx: Tx, { id, index }: LedgerEntry, expected: TreeHead): Promise<void> {
  if ((await idAt(tx, index)) !== id)
    throw swallowed(`it does not hold the entry ${index} that was appended`);
  const head = await ledgerHead(tx);
  if (head.treeSize !== expected.treeSize || head.root !== expected.root)
    throw swallowed(`its head is not the one that the entry ${index} gives`);
}

async function idAt(tx: Tx, index: number): Promise<string | undefined> {
  return (await idsAt(tx, [index])).get(index);
}

/** The statements at some indexes, as far as there are any. */
export async function idsAt(db: Db, indexes: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('ledger')
    .select(['index', 'id'])
    .where(sql<boolean>`index = any(${[...indexes]}::bigint[])`)
    .execute();
  return new Map(rows.map(({ index, id }) => [index, id]));
}

function swallowed(what: string): CountersignError {
  return new CountersignError(
    'integrity',
    `the database does not keep what is appended to the ledger: ${what}. Somebody has changed its tables; see "The ledger was tampered with" in docs/operations.md`,
  );
}

/** What is further ahead was not recorded then: somebody wrote it so. */
const NO_CLOCK_IS_OFF_BY = DAY;

/** When a statement is recorded, given the time and what is there: a stolen key of yesterday must not sign as of then. */
async function inOrder(tx: Tx, size: number, now: Instant): Promise<Instant> {
  const last = await tx
    .selectFrom('ledger')
    .select('recorded_at')
    .where('index', '=', size - 1)
    .executeTakeFirst();
  if (last === undefined || last.recorded_at <= now) return now;
  if (last.recorded_at <= later(now, CLOCK_SKEW)) return last.recorded_at;
  if (last.recorded_at > later(now, NO_CLOCK_IS_OFF_BY))
    throw new CountersignError(
      'integrity',
      `it is ${now} here, but the ledger's last entry is of ${last.recorded_at}: unless this clock is wrong, somebody wrote that into the database, and until entry ${size - 1} is gone nothing can be recorded; see "An entry of a time that has not come" in docs/operations.md`,
    );
  throw new CountersignError(
    'unavailable',
    `it is ${now} here, but the ledger's last entry is of ${last.recorded_at}: set the clocks of all machines by NTP`,
  );
}

function toEntry(row: { id: string; index: number; key_id: string; recorded_at: Instant }): LedgerEntry {
  return {
    id: row.id as StatementId,
    index: row.index,
    keyId: row.key_id as KeyId,
    recordedAt: row.recorded_at,
  };
}

/** All statements about each of some artifacts, in the ledger's order, with the head at the same instant. */
export async function statementsAbout(
  db: Db,
  artifacts: readonly Digest[],
): Promise<{ statements: StatementsBySubject; head: TreeHead }> {
  return readAtOnce(db, async (tx) => ({
    statements: await statementsIn(tx, artifacts),
    head: await ledgerHead(tx),
  }));
}

type StatementsBySubject = ReadonlyMap<Digest, readonly StoredStatement[]>;

/** The same, as a transaction sees them. */
export async function statementsIn(tx: Tx, artifacts: readonly Digest[]): Promise<StatementsBySubject> {
  const rows = await tx
    .selectFrom('ledger')
    .selectAll()
    .where(sql<boolean>`subject = any(${[...artifacts]}::text[])`)
    .orderBy('index')
    .execute();
  const ids = rows.map((row) => row.id as StatementId);
  const copies = Map.groupBy(await resignaturesOf(tx, ids), ({ statement }) => statement);
  const statements = rows.map((row) => ({
    ...toEntry(row),
    kind: row.kind,
    subject: row.subject,
    bundle: row.bundle,
    copies: copies.get(row.id as StatementId) ?? [],
  }));
  return Map.groupBy(statements, ({ subject }) => subject as Digest);
}

/**
 * The size and root of the tree now.
 *
 * @throws CountersignError `integrity` where that was removed
 */
export async function ledgerHead(db: Db): Promise<TreeHead> {
  const state = await db.selectFrom('ledger_state').selectAll().executeTakeFirst();
  if (state === undefined)
    throw new CountersignError(
      'integrity',
      "the head of the ledger's tree is missing: the ledger is damaged",
    );
  return { treeSize: state.size, root: rootOf({ size: state.size, hashes: state.range }) };
}
