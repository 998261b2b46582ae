import { CLOCK_SKEW, type Instant, type LedgerFault } from '../domain/index.ts';
import { later, MINUTE } from '../lib/index.ts';
import { type Db, firstBackdated, firstMistimed } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import type { RowCopy } from './row-copy.ts';

/** Of what is new: a clock may be a little behind, a key that has ended must not sign as of a time when it had not. */
export async function outOfOrder(db: Db, known: number): Promise<readonly LedgerFault[]> {
  const found = await firstBackdated(db, known);
  if (found === null) return [];
  const { index, id, recordedAt, latest } = found;
  return [{ index, id, what: `it is recorded at ${recordedAt}, though one before it is at ${latest}` }];
}

/** How long an entry may take from the time that it bears to its commit: two keyless signatures, and clocks that differ. */
const UNTIL_SEEN = 5 * MINUTE;

/** What is new was not there at the last tick, so it is no older; nothing is recorded before it happens. */
export async function outOfTime(
  { clock }: Pick<BaseContext, 'clock'>,
  db: Db,
  { size, seenAt }: RowCopy,
): Promise<readonly LedgerFault[]> {
  const earliest: Instant | null = seenAt === null ? null : later(seenAt, -UNTIL_SEEN);
  const found = await firstMistimed(db, size, { earliest, latest: later(clock.now(), CLOCK_SKEW) });
  if (found === null) return [];
  const { index, id, recordedAt } = found;
  const seen = seenAt === null ? '' : `, and it was not there at ${seenAt}`;
  return [{ index, id, what: `it is recorded at ${recordedAt}, though it is ${clock.now()} now${seen}` }];
}
