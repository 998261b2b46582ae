import type { Digest } from '../digest.ts';
import type { KeyId } from '../key-id.ts';
import type { PredicateKind, Predicates } from './predicate.ts';
import type { StatementId } from './statement-id.ts';

declare const verified: unique symbol;

/**
 * A statement whose signature was verified. Only `attestation/` makes one; the type cannot be written elsewhere.
 * Whether its signer may say such a thing, and when, is for the judge.
 */
export type VerifiedStatement<Kind extends PredicateKind = PredicateKind> = {
  readonly [verified]: true;
  readonly id: StatementId;
  /** The one artifact that it speaks of. */
  readonly subject: Digest;
  /** The key that verified the signature: found in the trust policy, never taken from the bundle. */
  readonly keyId: KeyId;
} & Predicates[Kind];

/** A bundle that did not verify, or that is not a statement of ours. */
export interface FailedStatement {
  /** The id that it would have; null when not even that can be told. */
  readonly id: StatementId | null;
  readonly code: StatementFailure;
  readonly message: string;
}

export type StatementFailure =
  | 'malformed_bundle'
  | 'unknown_key'
  | 'bad_signature'
  | 'malformed_statement'
  | 'unknown_predicate'
  | 'not_in_ledger'
  | 'disputed';

/** Those statements of a list that are of a kind. */
export function ofKind<Kind extends PredicateKind>(
  statements: readonly VerifiedStatement[],
  kind: Kind,
): readonly VerifiedStatement<Kind>[] {
  return statements.filter((statement) => statement.kind === kind) as unknown as VerifiedStatement<Kind>[];
}
