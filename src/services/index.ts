export { alertMessage } from './alert-message.ts';
export { answerByApi } from './answer-by-api.ts';
export type { ApiOutcome, ApiRefusal } from './api-answer.ts';
export {
  type ApprovalStatus,
  approvalStatus,
  canHelp,
  pendingApprovals,
  waitingFor,
} from './approval-status.ts';
export type { SealContext } from './arrival-seal.ts';
export { askDueRuns } from './ask-due-runs.ts';
export { answerEvidence, askEvidence } from './ask-evidence.ts';
export { askWitness } from './ask-witness.ts';
export { auditCheck } from './audit-check.ts';
export { buttonValue } from './card-button.ts';
export {
  adoptClicked,
  type CardPlace,
  copyCard,
  type FoundCard,
  findCard,
  findPresentedCard,
  newsIn,
  noticeIn,
  overrideCardOf,
  postedCards,
  requestCard,
  showPosting,
  tokenNoticeIn,
  wantCards,
  wantCopy,
} from './card-postings.ts';
export {
  confirmOverride,
  type OverrideConfirmation,
} from './confirm-override.ts';
export { confirmHolders, confirmRoles } from './confirm-roles.ts';
export type {
  AlertContext,
  AlertPlace,
  ApprovalContext,
  AuditContext,
  BaseContext,
  EnforcementContext,
  EvidenceContext,
  EvidenceWish,
  ExportContext,
  FetchContext,
  JudgeContext,
  LedgerContext,
  LedgerWatch,
  MonitorContext,
  PublishingContext,
  QueueingContext,
  RunContext,
  SubmissionContext,
  TrustContext,
} from './context.ts';
export { type Answer, type AnswerResult, decideApproval, previewDecision } from './decide-approval.ts';
export {
  type DelegationResult,
  type DelegationWish,
  delegationsOf,
  grantDelegation,
  stopDelegation,
} from './delegate.ts';
export { DelegationNews, delegationNow, noticeOverDelegations } from './delegation-news.ts';
export {
  type CardCopy,
  channelsWithCardsDue,
  deliverNextCard,
  restChannel,
  type ShownCard,
} from './deliver-cards.ts';
export { deliverFinding } from './deliver-finding.ts';
export { deliverStorm } from './deliver-storm.ts';
export { describeAlert } from './describe-alert.ts';
export { describeRun, type RunDescription, type StageProgress } from './describe-run.ts';
export {
  documentOverride,
  type OverrideStatus,
  overrideStatus,
} from './document-override.ts';
export { type DutyFailure, refuseGarbled, whyGarbled } from './duties.ts';
export { endOutdatedRequests, type RequestWithdrawal, withdrawRequest } from './end-requests.ts';
export { endingFinding } from './ending-finding.ts';
export { enforceFindings } from './enforce-findings.ts';
export { escalateFindings } from './escalate-findings.ts';
export { escalateRequests } from './escalate-requests.ts';
export { makeEvidence } from './evidence-files.ts';
export { executeRun } from './execute-run.ts';
export { exportRecord } from './export-record.ts';
export { executeFetch, FetchRequest, requestFetch, requireFetch } from './fetch-artifacts.ts';
export type { FetchSealContext, SealedFetchContext } from './fetch-seal.ts';
export { followOverrides } from './follow-overrides.ts';
export {
  grantOverride,
  type OverrideWish,
  previewOverride,
} from './grant-override.ts';
export {
  type FindingAction,
  type HandlingResult,
  handleFinding,
  type TakenAction,
} from './handle-finding.ts';
export { headTrouble } from './hear-head.ts';
export { createInbox, type Inbox, isUnanswered } from './inbox.ts';
export { inspectPublication } from './inspect-publication.ts';
export { type Dossier, type JudgeQuery, judgeArtifact } from './judge-artifact.ts';
export { lapseRequests } from './lapse-requests.ts';
export { createLead, type Lead } from './lead.ts';
export { doubtByFindings, doubtByMemory, noDoubt } from './ledger-doubt.ts';
export { OVERRIDE_STATES, overridesBefore, overridesOnPage } from './list-overrides.ts';
export {
  currentDeployments,
  type EvidenceFile,
  evidenceOf,
  findingInFull,
  findingsOnPage,
  inventorySources,
  knownFindings,
  recentRuns,
  runsOnPage,
} from './lists.ts';
export {
  type ArtifactAnswer,
  type ArtifactLookup,
  type HistoryRow,
  lookUpArtifact,
  modelHistory,
  modelsLike,
  newestOfModels,
  ownDecisions,
  type Page,
  search,
} from './look-up.ts';
export { type ModelStatus, type ModelVersionStatus, modelStatus } from './model-status.ts';
export { observeSource } from './observe-source.ts';
export { giveUp } from './once.ts';
export { answeredApprovals, openApprovals } from './open-approvals.ts';
export { orderEnforcement } from './order-enforcement.ts';
export { type DueJob, finishJob, forgetOldJobs, relayDueJobs } from './outbox.ts';
export type { OverrideResult } from './override-by-id.ts';
export { trustPolicyNow } from './people-now.ts';
export {
  answerForToken,
  createPersonalToken,
  type PersonalToken,
  personalToken,
  type TokenOutcome,
  type TokenState,
  unusableToken,
} from './personal-tokens.ts';
export { publishCheckpoint, queueCheckpoint } from './publish-checkpoint.ts';
export { publishEvidence } from './publish-evidence.ts';
export { queueDueAudit } from './queue-audits.ts';
export { refreshCards } from './queue-card.ts';
export { OverrideNews } from './queue-override.ts';
export { publishAgain, queuePublishing } from './queue-publishing.ts';
export { queueUntoldFindings } from './queue-untold.ts';
export { readTile, tileAt } from './read-tile.ts';
export { type RebuildContext, type RebuildOptions, rebuild } from './rebuild.ts';
export {
  finishAction,
  noteForeign,
  type ReceivedAction,
  waitingAction,
} from './receive-action.ts';
export { reconcile, type TickReport } from './reconcile.ts';
export { DeploymentReport, reportDeployment, retractReports } from './report-deployment.ts';
export { InputReportWish, reportInputs } from './report-inputs.ts';
export { reportedDeployments } from './reported-deployments.ts';
export {
  type QueuedRerun,
  type RerunReport,
  RerunWish,
  rerunCheck,
  type SkippedRerun,
} from './rerun-check.ts';
export { resignStatements } from './resign-statements.ts';
export { type KeyReview, type ReviewContext, reviewKey } from './review-key.ts';
export { beginRouting, routeNewFindings } from './route-findings.ts';
export { runAgain } from './run-again.ts';
export { type LinkState, openRunLinks, type RunLinks, runLinks } from './run-links.ts';
export type { RunSealContext } from './run-seal.ts';
export { sayHead } from './say-head.ts';
export { sealedDirectory } from './sealed-directory.ts';
export { currentCheckpoint } from './sign-checkpoint.ts';
export {
  queueGroupRefresh,
  refreshGroup,
  refreshPeople,
  type SlackRolesContext,
  syncRoles,
  type Untold,
} from './slack-roles.ts';
export { startRenewal } from './start-renewal.ts';
export { type StatusAt, statusAt } from './status-at.ts';
export { Submission, submitRun } from './submit-run.ts';
export { apiDecider, forgedTokenOf, takeApiAnswer, UNPROVEN } from './take-api-answer.ts';
export { takeSnapshot } from './take-snapshot.ts';
export { receiversToTell, tellReceiver } from './tell-receiver.ts';
export { refreshTimeZones, timeZoneOf } from './time-zone.ts';
export type { ProofContext, ProvenContext } from './token-proof.ts';
export {
  authenticate,
  type Caller,
  createToken,
  endToken,
  SCOPES,
  Scope,
  type TokenWish,
  tokenList,
} from './tokens.ts';
export { tellStormsApart, wakeMuted } from './wake-findings.ts';
export { type ActorRefusal, whoActs } from './who-acts.ts';
export { type Renewers, whoRenews } from './who-renews.ts';
export { givenDecision, requestOf, type WithdrawalResult, withdrawDecision } from './withdraw-decision.ts';
export { answerWitness, createWitness } from './witness-view.ts';
