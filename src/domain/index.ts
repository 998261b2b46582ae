export { type DueLevel, dueLevels, type RankedLevel, rankedLevels } from './alerting/escalation.ts';
export { type AlertLevel, type AlertPolicy, ownerOf, receiversOf } from './alerting/policy.ts';
export { type ReceiverState, receiverFailing } from './alerting/receiver-finding.ts';
export {
  type Approval,
  type ApprovalState,
  ApprovalView,
  approvalState,
  askedBy,
  Changes,
  type ComparedRun,
  changesSince,
  type DecideCommand,
  type DecideResult,
  type DeciderWords,
  type DecisionRefusal,
  decide,
  decideAsBest,
  type Ending,
  evolve,
  type GivenDecision,
  type Helper,
  type Lent,
  missingRoles,
  type OpenRole,
  openRoles,
  type RefusedDecision,
  viewDigest,
  type WithdrawalRefusal,
  whoCanHelp,
  whoVoted,
  whyRefused,
  withdraw,
} from './approval/index.ts';
export { isLeftOutBySignatures, readListing } from './artifact/directory-artifact.ts';
export { Artifact, DirectoryFile, directoryArtifact, fileArtifact, listingOf } from './artifact/index.ts';
export { CiUrl } from './ci-url.ts';
export { CONFIRMATIONS, Confirmation, endingOf, isSureEnough } from './confirmation.ts';
export type { Decider, DelegateCommand, DelegationRefusal } from './delegation.ts';
export { delegate, usedUpBy } from './delegation.ts';
export { Digest, digestOf, digestOfJson, hexOf, shortDigest } from './digest.ts';
export type { Directory, DirectoryEntry, SlackAccount } from './directory.ts';
export { createDirectory, isChannelId, subjectOf, subjectsOf } from './directory.ts';
export type { EnforcementPlan, EnforcementPolicy } from './enforcement/decide.ts';
export { ENFORCEABLE_KINDS, MOST_IN_A_ROUND, planEnforcement } from './enforcement/decide.ts';
export { CountersignError, type ErrorCode, invalidInput } from './error.ts';
export { dueHops, type Hop, hopsOf, isLevel } from './escalation/hops.ts';
export { type EscalationLevel, type EscalationPolicy, passing } from './escalation/policy.ts';
export { nextWorking, type WorkingHours } from './escalation/working-hours.ts';
export { EvidenceName } from './evidence-name.ts';
export { CLOCK_SKEW, firstAfter, Instant } from './instant.ts';
export type {
  AppliedOverride,
  AppliedRenewal,
  CountedApproval,
  Coverage,
  GovernanceStatus,
  JudgeInput,
  Reason,
  ReasonCode,
  Verdict,
  VerdictBasis,
} from './judge/index.ts';
export {
  allows,
  coverRoles,
  GOVERNANCE_STATUSES,
  judge,
  nextChange,
  nextRuleChange,
  OVERRIDE_ROLE,
  overrideRules,
  REASON_CODES,
} from './judge/index.ts';
export { type RenewalGround, renewalGround } from './judge/renewal-ground.ts';
export { problemWithView, type Witness } from './judge/view-problem.ts';
export { KeyId, KeylessIdentity, keyIdOfIdentity } from './key-id.ts';
export type {
  AccountBar,
  AccountFacts,
  GrantChanges,
  GroupGrant,
  GroupRule,
  RolesFromSlack,
  Suspension,
} from './membership/index.ts';
export {
  barOf,
  grantChanges,
  grantsWithoutRule,
  isFresh,
  isReliable,
  unconfirmedGroups,
  unknownGroups,
} from './membership/index.ts';
export { ModelId, type ModelName, ModelVersion, modelName } from './model-version.ts';
export { isAuditDue } from './monitoring/audit-due.ts';
export type { AuditOutcome, CaseAnswer, CaseFault, CheckAudit } from './monitoring/check-audit.ts';
export { AuditDocuments, auditOutcome, FAULT_IN_WORDS } from './monitoring/check-audit.ts';
export { AFFECTED_NAMED, checkFinding, type Reliance, rerunCommand } from './monitoring/check-finding.ts';
export type { Confidence, Deployment, Observation } from './monitoring/deployment.ts';
export { deploymentKey } from './monitoring/deployment.ts';
export type { Duty } from './monitoring/duty.ts';
export {
  CONCLUDING_DUTIES,
  DUTIES,
  dutyFailing,
  dutyKey,
  READING_DUTIES,
  SNAPSHOT_DUTY,
} from './monitoring/duty.ts';
export { type Expiry, warningOf } from './monitoring/expiry.ts';
export type { Affected, Finding, FindingKind, NameKnowledge, Severity } from './monitoring/finding.ts';
export { FINDING_KINDS, findingsOf, unjudgeable } from './monitoring/finding.ts';
export { FindingStep } from './monitoring/finding-step.ts';
export { afterLook, FLAPPING, isKeptOpen, mayFlap } from './monitoring/flapping.ts';
export type { FindingEvent, Handling, HandlingRefusal, Mute } from './monitoring/handling.ts';
export { changeOf, handlingOf, isLoud, LONGEST_MUTE, toldEvents } from './monitoring/handling.ts';
export type { LedgerFault, StrangeStatement } from './monitoring/ledger-finding.ts';
export {
  checkpointOverdue,
  ledgerTampered,
  unexpectedDecision,
  unexpectedSigner,
} from './monitoring/ledger-finding.ts';
export type { Durations, MetricsSnapshot, ModelMetrics } from './monitoring/metrics.ts';
export { DURATION_BOUNDS, EMPTY_SNAPSHOT, hashNumber } from './monitoring/metrics.ts';
export { sourceStale } from './monitoring/source-finding.ts';
export { groupStorms, type Storm, TOLD_ONE_BY_ONE } from './monitoring/storm.ts';
export { trustFindings } from './monitoring/trust-finding.ts';
export {
  CheckProblem,
  CheckReport,
  CheckResult,
  Measurement,
  OUTCOMES,
  Outcome,
  stageOutcome,
} from './outcome.ts';
export {
  type DocumentationRefusal,
  type DocumentationState,
  decideOverride,
  type EarlierOverrides,
  isOpenOverride,
  milestonesBy,
  type OverrideGround,
  type OverrideMilestone,
  type OverridePhase,
  type OverrideRefusal,
  type OverrideScope,
  type OverrideStanding,
  type OverrideTerms,
  objectionOfEarlier,
  objectionTo,
  objectionToConfirmation,
  objectionToDocumentation,
  overrideStanding,
  overrideViewDigest,
  shownOf,
  undocumentedFinding,
} from './override/index.ts';
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
  type OverrideRules,
  type Pipeline,
  parsePipeline,
  type Requirement,
  type Stage,
  TIER_CHECK,
  tierOf,
  unaskedRenewals,
  withCheckParameters,
} from './pipeline/index.ts';
export {
  type AccountSource,
  type Alert,
  type AlertChannel,
  type AlertNotice,
  type AlertReceiver,
  type AlertStorm,
  type CheckpointChannel,
  type CheckpointMemory,
  type Clock,
  type EnforcementHook,
  type EnforcementOrder,
  type HandledAlert,
  type Job,
  type Logger,
  type MessageRef,
  type Processor,
  type Processors,
  QUEUE_NAMES,
  type QueueName,
  type StormAlert,
} from './ports.ts';
export { type Publication, type PublishedFile, publicationFindings } from './publishing/index.ts';
export { changedInputs, mayReport, objectionsToRenewal, sourceOf, sourceReporter } from './renewal/index.ts';
export { RISK_TIERS, RiskTier } from './risk-tier.ts';
export { SIGNING_ALGORITHMS, type SigningAlgorithm } from './signing-algorithm.ts';
export { type Holder, hourSpans, type RoleCoverage, roleCoverage } from './staffing/index.ts';
export { ApprovalDecision, ApprovalRequest, ASSURANCES, type Assurance } from './statement/approval.ts';
export { Delegation, delegationDigest, OnBehalfOf } from './statement/delegation.ts';
export {
  digestSpokenOf,
  enforcementDigest,
  type FailedStatement,
  GovernanceRecord,
  Inputs,
  Override,
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
export { LedgerEntry, LedgerView } from './statement/ledger-view.ts';
export { CurrentDigests, CurrentInputs, Renewal } from './statement/renewal.ts';
export { SubmitterNote } from './submitter-note.ts';
export { type Placed, type Support, supportOf } from './support.ts';
export {
  authorisedSigner,
  environmentsOf,
  isOffice,
  isTrustedPipeline,
  ledgerSigners,
  SIGNER_NAMES,
  SIGNS,
  type SignerName,
  type Trust,
  TrustedSigner,
  TrustPolicy,
} from './trust.ts';
