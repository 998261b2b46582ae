import type { LedgerFault } from '../domain/index.ts';
import { type Appended, type Db, idsAt } from '../storage/index.ts';

/** What of some entries, each committed as whoever appended it says, the ledger does not hold where it was. */
export async function missingOf(db: Db, appended: readonly Appended[]): Promise<LedgerFault[]> {
  const held = await idsAt(
    db,
    appended.map(({ index }) => index),
  );
  const missing = appended.filter(({ index, id }) => held.get(index) !== id);
  return missing.map(({ index, id }) => ({
    index,
    id,
    what: 'it is not what was appended and committed there',
  }));
}
