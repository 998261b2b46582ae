import type { KeyId, Predicate, StatementId, VerifiedStatement } from '../domain/index.ts';
import { artifactDigestOf } from './payload.ts';

/** The one place where a statement becomes verified. Called by the verifier alone, after every step has passed. */
export function verifiedStatement(id: StatementId, keyId: KeyId, predicate: Predicate): VerifiedStatement {
  const statement = { id, subject: artifactDigestOf(predicate), keyId, ...predicate };
  return statement as unknown as VerifiedStatement;
}
