export type { Assurance } from './approval.ts';
export { LONGEST_DELEGATION, OnBehalfOf } from './delegation.ts';
export { enforcementDigest } from './enforcement.ts';
export { GovernanceRecord, Inputs } from './governance-record.ts';
export { LedgerEntry } from './ledger-view.ts';
export { Override } from './override.ts';
export {
  digestSpokenOf,
  PREDICATE_KINDS,
  PREDICATES,
  type Predicate,
  type PredicateKind,
  type PredicateOf,
  predicateKindOf,
  predicateType,
} from './predicate.ts';
export type { CurrentDigests } from './renewal.ts';
export { StageResult } from './stage-result.ts';
export { StatementId } from './statement-id.ts';
export {
  type FailedStatement,
  ofKind,
  type StatementFailure,
  type VerifiedStatement,
} from './verified-statement.ts';
