import { readCheckpoint, type TreeHead } from '../attestation/index.ts';
import { CLOCK_SKEW, CountersignError, type Instant } from '../domain/index.ts';
import { later } from '../lib/index.ts';
import { awaitLock, firstMistimed, ledgerHead, type Tx } from '../storage/index.ts';
import type { LedgerContext } from './context.ts';
import { isGrownFrom } from './log-copy.ts';

const LOCK = 'countersign checkpoint';

/**
 * Signs the ledger's head as it is now, and returns the checkpoint as a signed note.
 *
 * @throws CountersignError `integrity` where the ledger no longer extends what was signed before, or has an entry of a
 *   time that has not come
 */
export async function currentCheckpoint(ctx: LedgerContext): Promise<string> {
  return takingTurns(ctx, async (tx) => signHead(ctx, tx, await ledgerHead(tx)));
}

/**
 * Signs a head that the ledger had a moment ago: one that a package was made at.
 *
 * @throws CountersignError `integrity` where it does not belong to the ledger that was signed before
 */
export async function checkpointAt(ctx: LedgerContext, head: TreeHead): Promise<string> {
  return takingTurns(ctx, (tx) => signHead(ctx, tx, head));
}

/** Of the processes that hold the ledger's key, one signs at a time: none forgets what another has just signed. */
function takingTurns<T>({ db }: LedgerContext, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await awaitLock(tx, LOCK);
    return work(tx);
  });
}

/**
 * A log never signs two heads of which neither extends the other, so the newest that was signed is remembered outside of
 * the database, beside the key: whoever rewrites or rolls back the database gets no signature for it.
 */
async function signHead(
  { log, ledgerSigner, clock }: LedgerContext,
  tx: Tx,
  head: TreeHead,
): Promise<string> {
  const note = await log.memory.read();
  const last = note === null ? null : readCheckpoint(note);
  if (note !== null && last === null)
    throw integrity('the checkpoint that was kept beside the key is damaged');
  if (note !== null && last?.treeSize === head.treeSize && last.root === head.root) return note;
  if (last !== null && !(await extend(tx, last, head)))
    throw integrity(
      `it no longer extends the checkpoint that was signed before, of ${last.treeSize} statements: it was rolled back or rewritten`,
    );
  await refuseFuture(tx, last?.treeSize ?? 0, clock.now());
  const signed = await ledgerSigner.signCheckpoint({ origin: log.origin, ...head });
  if (last === null || last.treeSize < head.treeSize) await log.memory.write(signed);
  return signed;
}

/** Whether the larger of two trees grew from the smaller. */
async function extend(tx: Tx, one: TreeHead, other: TreeHead): Promise<boolean> {
  return one.treeSize <= other.treeSize ? isGrownFrom(tx, one, other) : isGrownFrom(tx, other, one);
}

/** What is of a time that has not come can be taken away again only as long as no signed head holds it. */
async function refuseFuture(tx: Tx, from: number, now: Instant): Promise<void> {
  const found = await firstMistimed(tx, from, { earliest: null, latest: later(now, CLOCK_SKEW) });
  if (found !== null)
    throw integrity(
      `entry ${found.index} says that it was recorded at ${found.recordedAt}, and here it is ${now}`,
    );
}

function integrity(why: string): CountersignError {
  return new CountersignError(
    'integrity',
    `the ledger's head is not signed: ${why}. See "The ledger was tampered with" in docs/operations.md`,
  );
}
