import { type RecordPackage, type StatementVerifier, unlistedStatements } from '../../attestation/index.ts';
import { invalidInput } from '../../domain/index.ts';
import { viewOf } from './judge-offline.ts';

/** How many problems are told: more would only fill a terminal. */
const MOST = 20;

/**
 * Demands that a record holds no statement but those of its view. Without a view that verifies the judge refuses all.
 *
 * @throws CountersignError `invalid_input`
 */
export function demandListed(record: RecordPackage, verifier: StatementVerifier): void {
  const view = viewOf(verifier, record.view);
  const problems = view === null ? [] : unlistedStatements(record, view.body);
  if (problems.length > 0) throw invalidInput('the record package', problems.slice(0, MOST));
}
