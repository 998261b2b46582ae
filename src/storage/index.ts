export {
  type ClaimedDelivery,
  claimDeliveries,
  hasRefused,
  markEventTold,
  markTold,
  markUntold,
  overtakenFindings,
  receiversDue,
} from './alert-claims.ts';
export { addDeliveries, claimRouting, deliveriesOf, unroutedFindings, wantTold } from './alert-deliveries.ts';
export type { ReceiverOutcome, ReceiverRow } from './alert-receivers.ts';
export { findReceiver, knowReceivers, listReceivers, noteReceiver } from './alert-receivers.ts';
export type { Appended, AppendMemory } from './append-memory.ts';
export {
  type ApprovalRequestRow,
  findApprovalRequest,
  findApprovalRequestOfRun,
  insertApprovalRequest,
  latestApprovalRequest,
  lockApprovalRequest,
  markRequestDecided,
  markRequestEnded,
  reopenRequest,
  supersedeRequests,
} from './approvals.ts';
export { type ChannelPace, closeChannel, takeTurn } from './channel-turns.ts';
export { auditsUnderWay, insertCheckAudit, lastRightAnswer, latestCheckAudits } from './check-audits.ts';
export { findCheckpoint, insertCheckpoint, newestCheckpoint, type QueuedCheckpoint } from './checkpoints.ts';
export type { DatabaseFacts, Db, Tx } from './database.ts';
export { databaseFacts, isMigrated, migrateDatabase, openDatabase, pingDatabase } from './database.ts';
export { type DecisionRow, decisionsBy, decisionsOn, findDecision, insertDecision } from './decisions.ts';
export {
  type DelegationRow,
  delegationsInForce,
  endDelegation,
  endOverDelegations,
  findDelegation,
  insertDelegation,
  lastDelegationChange,
  standingDelegation,
} from './delegations.ts';
export {
  channelsDue,
  failuresOf,
  markShown,
  postingsDue,
  postponeChannel,
  postponeShowing,
  wantedNow,
  wantShown,
} from './deliveries.ts';
export { historySince, keepHistory, type ServedThen, servedAt } from './deployment-history.ts';
export type { ReportRow } from './deployment-reports.ts';
export { countReportsBy, listReports, removeReports, saveReport } from './deployment-reports.ts';
export type { DeploymentRow, JudgedDeployment } from './deployments.ts';
export { listDeployments, removeDeployments, saveDeployments } from './deployments.ts';
export { type RebuildWish, type Rebuilt, rebuildTables, rowFault } from './derived/index.ts';
export { dueInspections, duePublications } from './due-publications.ts';
export { claimEffect, type Effect, keepEffect } from './effects.ts';
export type { EmbeddedPostgres } from './embedded-postgres/index.ts';
export { removeEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres/index.ts';
export type { EnforcementRow } from './enforcements.ts';
export {
  blocksSince,
  endEnforcement,
  findEnforcement,
  insertEnforcement,
  newestEnforcements,
  standingEnforcements,
} from './enforcements.ts';
export type { AskRow, EscalationRow } from './escalations.ts';
export { escalationsOf, insertAsks, insertEscalation, takeDueAsks } from './escalations.ts';
export type { Fetch, FetchChange } from './fetches.ts';
export { findFetch, forgetFetches, insertFetch, updateFetch } from './fetches.ts';
export {
  endedMutes,
  findingEventBySource,
  findingEvents,
  findingsAllowed,
  insertFindingEvent,
  insertFindingEvents,
  insertNewFindingEvents,
} from './finding-events.ts';
export {
  countFiring,
  endingsSince,
  type FindingRow,
  findFinding,
  findingsById,
  fireFindings,
  firingFindings,
  firingOfKinds,
  listFindings,
  lockFinding,
  lockFindings,
  type Occurrence,
  refreshFindings,
  resolveFindings,
  statementsFound,
  untoldFindings,
  wrongBytes,
} from './findings.ts';
export { type GovernedRun, lastGovernedRun, latestRunOf } from './governed-runs.ts';
export { grantSurfaces } from './grants.ts';
export type { AnsweredArrival, InboxRow } from './inbox.ts';
export { findInbox, insertInbox, insertInboxWithJobs, markProcessed, sealInbox } from './inbox.ts';
export { type SourceState, saveSourceStates, sourceStates } from './inventory-sources.ts';
export { type LapsedRequest, markLapsedRequests } from './lapsed-requests.ts';
export type { Appendable, StoredStatement } from './ledger.ts';
export { appendStatement, idsAt, ledgerHead, statementsAbout, statementsIn } from './ledger.ts';
export { ledgerSizeAt, type SignedBy, statementsBy } from './ledger-by-key.ts';
export { catalogueDifference, ledgerCatalogue } from './ledger-catalogue/index.ts';
export type { RowSpan } from './ledger-rows.ts';
export { digestsOfRows, firstBackdated, firstMistimed, ledgerTables, ROWS_A_DIGEST } from './ledger-rows.ts';
export type { LedgerRow } from './ledger-tree.ts';
export { entryBeyond, nodesIn, readEntries, readStatements, statementsOfKinds } from './ledger-tree.ts';
export { keepLinkSecret } from './link-secret.ts';
export { type Listener, listen } from './listen.ts';
export { awaitLock, type HeldLock, holdLock, holdModelVersion } from './lock.ts';
export type { ArtifactName, FoundRow } from './lookups.ts';
export { artifactsLike, artifactsUnder, modelIds, newestVersions, searchWords } from './lookups.ts';
export { lostStatements } from './lost-statements.ts';
export { type Mark, type News, newsSince, readMark } from './news.ts';
export { answeredRequests, type OpenRequests, openApprovalRequests } from './open-requests.ts';
export {
  addAllToOutbox,
  addToOutbox,
  claimDueJobs,
  completeJob,
  OUTBOX_CHANNEL,
  type OutboxRow,
  pruneOutbox,
  unfinishedJobs,
} from './outbox.ts';
export { OVERRIDE_STATES, type OverridePage, overridePage } from './override-page.ts';
export {
  confirmOverride,
  countOverrides,
  documentOverride,
  findOverride,
  insertOverride,
  listOverrides,
  lockOverride,
  lockOverridesOf,
  type OverrideRow,
  takeMilestone,
} from './overrides.ts';
export { isSilence, UnansweredError } from './patience.ts';
export {
  adoptMessage,
  claimPosting,
  confirmPosting,
  lockPosting,
  type Posting,
  postingsAbout,
  standingMessage,
  tryLockPosting,
} from './postings.ts';
export type { Presentation } from './presentations.ts';
export { deletePresentation, findPresented, insertPresentation, presentationsOf } from './presentations.ts';
export {
  ASKED_FOR,
  findPublication,
  type PublicationKey,
  type PublicationRow,
  saveFailure,
  saveFiles,
  saveInspection,
  savePublication,
  troubledPublications,
  wantPublished,
} from './publications.ts';
export { readAtOnce } from './read-at-once.ts';
export { artifactsNamed, digestsGoverned, insertRecord, listRecords, type RecordRow } from './records.ts';
export { relianceOn } from './reliance.ts';
export { type InputReport, inputReports, insertRenewal, saveInputReport } from './renewals.ts';
export type { RequestAnswer } from './request-tables.ts';
export {
  answerRequest,
  evidenceToMake,
  insertEvidenceRequest,
  insertWitnessRequest,
  pruneRequests,
  type RequestTable,
  requestAnswer,
  viewToWitness,
} from './requests.ts';
export type { RerunRow, StandingRun } from './reruns.ts';
export { insertRerun, lockReruns, rerunsOf, standingRuns } from './reruns.ts';
export { allResignatures, appendResignature, type Resignature } from './resignatures.ts';
export {
  type AccountRow,
  closeGrants,
  confirmGroup,
  findAccount,
  holdRoles,
  lockRoles,
  openGrants,
  type RoleGroupRow,
  roleGroups,
  rolesFromSlack,
  type SealedGrant,
  saveAccount,
  saveRoleRules,
  saveSuspension,
} from './roles.ts';
export { type RunSpan, runSpans } from './run-spans.ts';
export {
  beginStage,
  findRun,
  insertRun,
  insertStageResult,
  latestAttempt,
  listRuns,
  lockRun,
  newerRunOf,
  type Run,
  type RunChange,
  type StageResultRow,
  stageResultsOf,
  updateRun,
} from './runs.ts';
export { type HeadWord, headWord, saveHeadWord } from './signed-head.ts';
export { type ArrivalBehind, arrivalBehind, isDerived, noteArrival } from './statement-arrivals.ts';
export {
  approvalTimes,
  approvalWaits,
  noteProductions,
  type RunStatistics,
  runStatistics,
  trainingToProduction,
} from './statistics.ts';
export type { StormRow } from './storms.ts';
export { findingsOfStorm, findStorm, insertStorm, leftOfStorms, tellApart, toldSince } from './storms.ts';
export type { EvidenceItem, RunState } from './tables.ts';
export {
  findToken,
  findTokenByHash,
  insertToken,
  listTokens,
  lockToken,
  markTokenConfirmed,
  revokeToken,
  type TokenRow,
} from './tokens.ts';
export { type NotedPolicy, notedPolicies, notePolicy } from './trust-policies.ts';
export { unansweredFindings } from './unanswered-findings.ts';
export { lastWithdrawal, markWithdrawn } from './withdrawals.ts';
