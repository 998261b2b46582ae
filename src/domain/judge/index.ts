export { isOverridable } from './assess-override.ts';
export { type JudgeInput, judge } from './judge.ts';
export { nextChange, nextRuleChange } from './next-change.ts';
export { OVERRIDE_ROLE, overrideRules } from './override-rules.ts';
export { type Coverage, coverRoles, quorumOf, type Vote } from './quorum.ts';
export {
  type AppliedOverride,
  type AppliedRenewal,
  allows,
  type CountedApproval,
  GOVERNANCE_STATUSES,
  type GovernanceStatus,
  REASON_CODES,
  type Reason,
  type ReasonCode,
  type Verdict,
  type VerdictBasis,
} from './verdict.ts';
