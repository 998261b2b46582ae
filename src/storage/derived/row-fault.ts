import type { VerifyResult } from '../../attestation/index.ts';
import { withArticle } from '../../lib/index.ts';
import type { LedgerRow } from '../ledger-tree.ts';

/** How a row of the ledger differs from the statement in it, in words; null where it is what it says. */
export function rowFault({ id, kind, subject, keyId }: LedgerRow, result: VerifyResult): string | null {
  if (!result.ok) return `what it holds does not verify: ${result.failure.message}`;
  const { statement } = result;
  if (statement.id !== id) return `it holds another statement, ${statement.id}`;
  if (statement.keyId !== keyId) return `it holds a signature of another key, ${statement.keyId}`;
  if (statement.kind !== kind) return `it is filed as ${kind} and is ${withArticle(statement.kind)}`;
  if (statement.subject !== subject) return `it is filed under ${subject} and is about ${statement.subject}`;
  return null;
}
