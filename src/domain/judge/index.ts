export { type JudgeInput, judge } from './judge.ts';
export { type Coverage, coverRoles, quorumOf, type Vote } from './quorum.ts';
export {
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
