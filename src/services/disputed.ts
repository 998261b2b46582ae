import { authorisedSigner, type Finding, type PredicateKind, type StatementId } from '../domain/index.ts';
import { type Db, type StoredStatement, statementsFound } from '../storage/index.ts';
import type { TrustContext } from './context.ts';

/** Findings that say of a statement that its signer had no business to make it. */
const DISPUTES: readonly Finding['kind'][] = ['unexpected_decision', 'unexpected_signer'];

/** Ids of the statements that the monitor disputes now. */
export async function disputedIds(db: Db): Promise<ReadonlySet<string>> {
  return statementsFound(db, DISPUTES);
}

/**
 * Which of some statements are disputed and would count all the same: where their key might not sign them, or they are
 * revoked, whoever judges by the trust policy knows that without us.
 */
export function disputedAmong(
  { trust: { policy } }: Pick<TrustContext, 'trust'>,
  stored: readonly StoredStatement[],
  disputed: ReadonlySet<string>,
): Set<StatementId> {
  const revoked = new Set<string>(policy.revoked.statements);
  const some = stored.filter(({ id }) => disputed.has(id) && !revoked.has(id));
  const mightSign = ({ keyId, kind, recordedAt, index }: StoredStatement) =>
    authorisedSigner(policy, keyId, kind as PredicateKind, { recordedAt, index }) !== null;
  return new Set(some.filter(mightSign).map(({ id }) => id));
}
