import type { z } from 'zod';
import type { Digest } from '../digest.ts';
import { ApprovalDecision, ApprovalRequest, ApprovalWithdrawal } from './approval.ts';
import { Delegation } from './delegation.ts';
import { Enforcement } from './enforcement.ts';
import { GovernanceRecord } from './governance-record.ts';
import { LedgerView } from './ledger-view.ts';
import { Override, OverrideDocumentation } from './override.ts';
import { CurrentInputs, Renewal } from './renewal.ts';
import { StageResult } from './stage-result.ts';
import { ViewWitness } from './view-witness.ts';

/** Every kind of statement with its predicate's schema. The kind is also the last path segment of the type's URI. */
export const PREDICATES = {
  'stage-result/v1': StageResult,
  'governance-record/v1': GovernanceRecord,
  'approval-request/v1': ApprovalRequest,
  'approval-decision/v1': ApprovalDecision,
  'approval-withdrawal/v1': ApprovalWithdrawal,
  'delegation/v1': Delegation,
  'override/v1': Override,
  'override-documentation/v1': OverrideDocumentation,
  'current-inputs/v1': CurrentInputs,
  'renewal/v1': Renewal,
  'enforcement/v1': Enforcement,
  'ledger-view/v1': LedgerView,
  'view-witness/v1': ViewWitness,
} as const;

export type PredicateKind = keyof typeof PREDICATES;

/** What a statement of a kind says. */
export type PredicateOf<Kind extends PredicateKind> = z.infer<(typeof PREDICATES)[Kind]>;

/** Predicates by kind, each with its kind. */
export type Predicates = {
  readonly [Kind in PredicateKind]: { readonly kind: Kind; readonly body: PredicateOf<Kind> };
};

/** A predicate with its kind. */
export type Predicate = Predicates[PredicateKind];

export const PREDICATE_KINDS = Object.keys(PREDICATES) as PredicateKind[];

/** The digest of what a predicate speaks of: an artifact, or of a delegation or an enforcement its terms. */
export function digestSpokenOf(predicate: Predicate): Digest {
  if ('terms' in predicate.body) return predicate.body.terms;
  const { artifact } = predicate.body;
  return typeof artifact === 'string' ? artifact : artifact.digest;
}

const BASE = 'https://countersign.dev/';

/** The in-toto `predicateType` of a kind. */
export function predicateType(kind: PredicateKind): string {
  return `${BASE}${kind}`;
}

const KINDS: ReadonlyMap<string, PredicateKind> = new Map(
  PREDICATE_KINDS.map((kind) => [predicateType(kind), kind]),
);

/** The kind that a `predicateType` names, exactly; null for all others. */
export function predicateKindOf(type: string): PredicateKind | null {
  return KINDS.get(type) ?? null;
}
