import type { LedgerView } from '../../domain/index.ts';
import type { Problem } from '../../lib/index.ts';
import { type Bundled, nameStatements } from './named-statement.ts';

/**
 * Every bundle of a record that its view does not list, or not as often: what hangs on such a one, evidence and lines of
 * README.md, nobody has vouched for.
 *
 * @param view one that was verified
 */
export function unlistedStatements(record: Bundled, view: Pick<LedgerView, 'statements'>): Problem[] {
  const room = new Map<string, number>(
    view.statements.map(({ id, resigned = [] }) => [id, 1 + resigned.length]),
  );
  const [, , ...statements] = nameStatements(record, { signers: [] });
  return statements.flatMap(({ path, id }) => {
    const left = room.get(id ?? '') ?? 0;
    room.set(id ?? '', left - 1);
    const message = 'the ledger view does not list it, so it does not belong here';
    return left > 0 ? [] : [{ where: path, message }];
  });
}
