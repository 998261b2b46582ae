export {
  type Approval,
  type ApprovalState,
  ApprovalView,
  approvalState,
  type DecideCommand,
  type DecideResult,
  type DecisionRefusal,
  decide,
  evolve,
  type GivenDecision,
  missingRoles,
  viewDigest,
} from './approval/index.ts';
export { Artifact, fileArtifact } from './artifact.ts';
export { Digest, digestOf, digestOfJson, hexOf, shortDigest } from './digest.ts';
export {
  createDirectory,
  type Directory,
  type DirectoryEntry,
  type SlackAccount,
  subjectOf,
  subjectsOf,
} from './directory.ts';
export { CountersignError, type ErrorCode, invalidInput } from './error.ts';
export { Instant } from './instant.ts';
export {
  allows,
  type CountedApproval,
  type Coverage,
  coverRoles,
  GOVERNANCE_STATUSES,
  type GovernanceStatus,
  type JudgeInput,
  judge,
  REASON_CODES,
  type Reason,
  type ReasonCode,
  type Verdict,
  type VerdictBasis,
} from './judge/index.ts';
export { KeyId } from './key-id.ts';
export { ModelId, type ModelName, ModelVersion, modelName } from './model-version.ts';
export {
  type Confidence,
  type Deployment,
  deploymentKey,
  FINDING_KINDS,
  type Finding,
  type FindingKind,
  findingsOf,
  hashNumber,
  type MetricsSnapshot,
  type ModelMetrics,
  type NameKnowledge,
  type Observation,
  type Severity,
} from './monitoring/index.ts';
export {
  CheckProblem,
  CheckReport,
  CheckResult,
  Measurement,
  OUTCOMES,
  Outcome,
  stageOutcome,
} from './outcome.ts';
export { type People, Person, PersonId, Principal, peopleOf, Role, RoleGrant, rolesAt } from './person.ts';
export {
  type ApprovalStage,
  approvalFor,
  CheckParameters,
  type CheckStage,
  type CheckUse,
  checkStages,
  isRequired,
  NO_CHECK_PARAMETERS,
  type Pipeline,
  parsePipeline,
  type Requirement,
  type Stage,
  TIER_CHECK,
  tierOf,
  withCheckParameters,
} from './pipeline/index.ts';
export {
  type Alert,
  type AlertChannel,
  type Clock,
  type Job,
  type Logger,
  type MessageRef,
  type Processor,
  type Processors,
  QUEUE_NAMES,
  type QueueName,
} from './ports.ts';
export { RISK_TIERS, RiskTier } from './risk-tier.ts';
export {
  ApprovalDecision,
  ApprovalRequest,
  ASSURANCES,
  type Assurance,
  type FailedStatement,
  GovernanceRecord,
  Inputs,
  LedgerEntry,
  LedgerView,
  ofKind,
  PREDICATE_KINDS,
  PREDICATES,
  type Predicate,
  type PredicateKind,
  type PredicateOf,
  predicateKindOf,
  predicateType,
  StageResult,
  type StatementFailure,
  StatementId,
  type VerifiedStatement,
} from './statement/index.ts';
export {
  authorisedSigner,
  isTrustedPipeline,
  Revocations,
  SIGNER_NAMES,
  SIGNS,
  type SignerName,
  type Trust,
  TrustedSigner,
  TrustPolicy,
} from './trust.ts';
