import type { ApprovalState, GovernanceStatus, Outcome, RiskTier } from '../../../domain/index.ts';

/** Risk tiers as people say them. */
export const TIER_IN_WORDS: Readonly<Record<RiskTier, string>> = {
  prohibited: 'Prohibited',
  high_risk: 'High risk',
  limited_risk: 'Limited risk',
  minimal_risk: 'Minimal risk',
};

/** A sign beside each governance status; the word always stands with it. */
export const STATUS_SIGN: Readonly<Record<GovernanceStatus, string>> = {
  governed: '🟢',
  pending: '🟡',
  failed: '🔴',
  rejected: '⛔',
  expired: '⌛',
  overridden: '🟠',
  revoked: '🚫',
  ungoverned: '⚫',
};

/** A sign beside each outcome of a check. */
export const OUTCOME_SIGN: Readonly<Record<Outcome, string>> = {
  passed: '✅',
  failed: '❌',
  insufficient_evidence: '⚠️',
  not_applicable: '⚪',
  errored: '❌',
};

/** How a card's headline begins. */
export const STATE_HEADLINE: Readonly<Record<ApprovalState, string>> = {
  pending: '🟡 Approval needed',
  approved: '🟢 Approved',
  rejected: '⛔ Rejected',
  lapsed: '⌛ Lapsed',
  superseded: '⚪ Superseded',
};
