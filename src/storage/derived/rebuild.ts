import type { CompactRange } from '../../attestation/index.ts';
import { CountersignError } from '../../domain/index.ts';
import type { Db, Tx } from '../database.ts';
import { differingRows } from './differences.ts';
import { openDraft } from './draft.ts';
import { draftLedger } from './draft-ledger.ts';
import { loosen } from './loosen.ts';
import { mendRows } from './mend.ts';
import { settleDraft } from './settle.ts';
import { signedTables } from './tables.ts';
import { differencesOfTree } from './tree.ts';
import type { RebuildWish, Rebuilt } from './wish.ts';

/**
 * Derives every table that can be derived from the ledger's statements alone, compares row by row with what is stored,
 * and puts right what differs. All of it is one transaction on one instant of the database: killed, it has done nothing;
 * what the service writes meanwhile is neither seen nor touched.
 *
 * @throws CountersignError `integrity` where the entries themselves are not what was signed: nothing can be derived
 *   from them, and nothing is changed; `conflict` where the service changed a row that was to be put right
 */
export async function rebuildTables(db: Db, wish: RebuildWish): Promise<Rebuilt> {
  try {
    return await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((tx) => rebuild(tx, wish));
  } catch (error) {
    if (!CHANGED_MEANWHILE.includes((error as { code?: string }).code ?? '')) throw error;
    const why = 'the service changed meanwhile what was to be put right: nothing was changed; run it again';
    throw new CountersignError('conflict', why, { cause: error });
  }
}

/** Postgres's codes for a transaction that others overtook. */
const CHANGED_MEANWHILE = ['40001', '40P01'];

async function rebuild(tx: Tx, wish: RebuildWish): Promise<Rebuilt> {
  const told = counting(wish);
  await openDraft(tx);
  const range = await draftLedger(tx, told.wish);
  await settleDraft(tx, wish.now);
  const mends = !wish.check && (told.counts.refused === 0 || wish.removeRefused);
  await compareTree(tx, range, told.wish, mends);
  await compareRows(tx, told.wish, mends);
  return { entries: range.size, ...told.counts, mended: mends };
}

/** The same wish, with what is told counted. */
function counting(wish: RebuildWish) {
  const counts = { refused: 0, unproved: 0, differences: 0 };
  const onRefused: RebuildWish['onRefused'] = (refused) => {
    counts.refused += 1;
    wish.onRefused(refused);
  };
  const onDifference: RebuildWish['onDifference'] = (difference) => {
    counts[difference.kind === 'unproved' ? 'unproved' : 'differences'] += 1;
    wish.onDifference(difference);
  };
  return { counts, wish: { ...wish, onRefused, onDifference } };
}

async function compareTree(tx: Tx, { size }: CompactRange, wish: RebuildWish, mends: boolean): Promise<void> {
  for await (const page of differencesOfTree(tx, size))
    for (const { mend, ...difference } of page) {
      wish.onDifference(difference);
      if (mends) await mend(tx);
    }
}

/** Rows that are too many go first, those that refer to others before those; then the others are put right in turn. */
async function compareRows(tx: Tx, { onDifference }: RebuildWish, mends: boolean): Promise<void> {
  const tables = await signedTables(tx);
  const steps = [
    ...tables.toReversed().map((table) => [table, 'extra'] as const),
    ...tables.flatMap((table) => [[table, 'altered'] as const, [table, 'missing'] as const]),
  ];
  for (const [table, kind] of steps) {
    const fasten = mends && kind === 'altered' ? await loosen(tx, table) : null;
    for await (const page of differingRows(tx, table, kind)) {
      page.forEach(onDifference);
      if (mends) await mendRows(tx, table, page);
    }
    await fasten?.();
  }
}
