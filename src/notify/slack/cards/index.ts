export {
  ACKNOWLEDGE_ACTION,
  BLOCK_ACTION,
  MUTE_ACTION,
  RENEW_ACTION,
  RUN_ACTION,
  UNMUTE_ACTION,
} from './alert-buttons.ts';
export { alertCard } from './alert-card.ts';
export type { AlertSurroundings } from './alert-facts.ts';
export { alertNote } from './alert-notes.ts';
export type { ApprovalCard, ShownDecision, TakenHop } from './approval.ts';
export { approvalCard } from './approval-card.ts';
export { APPROVE_ACTION, APPROVE_AT_ONCE_ACTION, REJECT_ACTION } from './approval-question.ts';
export {
  APPROVE_VIEW,
  type ApproveContext,
  type ApproveForm,
  approveModal,
  COMMENT_BLOCK,
  COMMENT_INPUT,
  RETYPE_BLOCK,
  RETYPE_INPUT,
} from './approve-modal.ts';
export {
  type DecidedNotice,
  type DelegationNotice,
  decidedForYouNote,
  delegationNote,
} from './delegation-news.ts';
export {
  delegatedNote,
  delegationList,
  delegationRefusalNote,
  requestWithdrawnNote,
  stoppedNote,
} from './delegation-notes.ts';
export { didYouMean } from './did-you-mean.ts';
export {
  DOCUMENT_VIEW,
  DOCUMENTATION_BLOCK,
  DOCUMENTATION_INPUT,
  DOCUMENTATION_LIMIT,
  type DocumentFormContext,
  documentModal,
} from './document-modal.ts';
export {
  type EscalationNotice,
  escalationNote,
  reminderNote,
  type WaitingNotice,
} from './escalation-notes.ts';
export { type ExpiryNotice, expiryNote } from './expiry.ts';
export {
  handledNote,
  notEndingNote,
  type ObjectionFacts,
  objectionNote,
} from './handling-replies.ts';
export { helpReply } from './help-reply.ts';
export { type HistoryEntry, type HistoryReply, historyReply } from './history-reply.ts';
export { type Home, type HomeView, homeView } from './home-view.ts';
export {
  DURATION_BLOCK,
  DURATION_INPUT,
  MUTE_VIEW,
  type MuteContext,
  muteModal,
  WHY_BLOCK,
  WHY_INPUT,
  WHY_LIMIT,
} from './mute-modal.ts';
export { type OutcomeNotice, outcomeNote } from './outcome-note.ts';
export {
  CONFIRM_OVERRIDE_ACTION,
  DOCUMENT_OVERRIDE_ACTION,
  type OverrideCard,
  overrideCard,
  type ShownOverride,
} from './override-card.ts';
export {
  OVERRIDE_FIELDS,
  OVERRIDE_REASON_LIMIT,
  OVERRIDE_REFERENCE_LIMIT,
  OVERRIDE_VIEW,
  type OverrideForm,
  type OverrideFormContext,
  overrideModal,
} from './override-modal.ts';
export {
  documentationNote,
  type OverrideDeed,
  type OverrideNotice,
  type OverrideRefusalFacts,
  overrideReceipt,
  overrideRefusalNote,
  skippedNote,
} from './override-notes.ts';
export { NEWER_ACTION, OLDER_ACTION } from './pager.ts';
export { type PendingReply, type PendingRow, pendingReply } from './pending-reply.ts';
export { type NamePerson, personNamer } from './people.ts';
export {
  type Receipt,
  receiptNote,
  withdrawalRefusalNote,
  withdrawnNote,
} from './receipt.ts';
export {
  duplicateNote,
  type RefusalFacts,
  refusalNote,
  staleCardNote,
  type Trouble,
  troubleNote,
} from './refusals.ts';
export {
  REASON_BLOCK,
  REASON_INPUT,
  REASON_LIMIT,
  REJECT_VIEW,
  type RejectContext,
  rejectModal,
} from './reject-modal.ts';
export { type SearchReply, searchReply } from './search-reply.ts';
export { type StatusAtReply, statusAtReply } from './status-at-reply.ts';
export { type StatusReply, statusReply } from './status-reply.ts';
export { type StormSurroundings, stormCard } from './storm-card.ts';
export {
  CONFIRM_TOKEN_ACTION,
  DENY_TOKEN_ACTION,
  type TokenFacts,
  type TokenWord,
  tokenAnswerNote,
  tokenCard,
} from './token-card.ts';
export { ambiguousDigestNote, type VerifyReply, verifyReply } from './verify-reply.ts';
export { WITHDRAW_ACTION } from './withdraw-button.ts';
