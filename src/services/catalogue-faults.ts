import type { LedgerFault } from '../domain/index.ts';
import { catalogueDifference, type Db, ledgerCatalogue, lostStatements } from '../storage/index.ts';

/** How many differences are told. */
const TOLD = 5;

/**
 * What stands in the database's catalogue that can show one reader other rows of the ledger than another, or swallow what is
 * appended to it: whatever differs from what migrations and grants make of its tables.
 */
export async function catalogueFaults(db: Db): Promise<readonly LedgerFault[]> {
  const { unknown, missing } = catalogueDifference(await ledgerCatalogue(db));
  if (unknown.length + missing.length === 0) return [];
  const parts = [...told('it has', unknown), ...told('it lacks', missing)];
  const what = `the database's catalogue is not what "countersign migrate" makes of the ledger's tables: ${parts.join('; ')}`;
  return [{ index: null, id: null, what }];
}

/** What was kept from the ledger, or taken out before it was seen: rows beside it are there by statements that it lacks. */
export async function lostFaults(db: Db): Promise<readonly LedgerFault[]> {
  const lost = await lostStatements(db);
  const [first] = lost;
  if (first === undefined) return [];
  const others = lost.length > 1 ? ` (and ${lost.length - 1} more such rows)` : '';
  const what = `it lacks the statement ${first.id}, by which there is a row in ${first.table}${others}`;
  return [{ index: null, id: first.id, what }];
}

function told(how: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length > TOLD ? ` and ${lines.length - TOLD} more` : '';
  const some = lines.slice(0, TOLD).map((line) => `"${line.slice(0, 200)}"`);
  return [`${how} ${some.join(', ')}${rest}`];
}
