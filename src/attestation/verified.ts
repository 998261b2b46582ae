import {
  digestSpokenOf,
  type KeyId,
  type Predicate,
  type StatementId,
  type VerifiedStatement,
} from '../domain/index.ts';

/** The one place where a statement becomes verified. Called by the verifier alone, after every step has passed. */
export function verifiedStatement(id: StatementId, keyId: KeyId, predicate: Predicate): VerifiedStatement {
  const statement = { id, subject: digestSpokenOf(predicate), keyId, ...predicate };
  return statement as unknown as VerifiedStatement;
}
