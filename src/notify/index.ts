export { createAlertChannel } from './slack/alert-channel.ts';
export type { ModalView } from './slack/block.ts';
export type { SlackConnection } from './slack/calls.ts';
export {
  APPROVE_ACTION,
  APPROVE_AT_ONCE_ACTION,
  APPROVE_VIEW,
  type ApprovalCard,
  type ApproveContext,
  alertCard,
  ambiguousDigestNote,
  approvalCard,
  approveModal,
  COMMENT_BLOCK,
  COMMENT_INPUT,
  didYouMean,
  duplicateNote,
  escalationNote,
  type HistoryReply,
  type Home,
  helpReply,
  historyReply,
  homeView,
  type NamePerson,
  NEWER_ACTION,
  OLDER_ACTION,
  type OpenRole,
  type PendingReply,
  type PendingRow,
  pendingReply,
  personNamer,
  REASON_BLOCK,
  REASON_INPUT,
  REASON_LIMIT,
  REJECT_ACTION,
  REJECT_VIEW,
  RETYPE_BLOCK,
  RETYPE_INPUT,
  type Receipt,
  type RefusalFacts,
  type RejectContext,
  receiptNote,
  refusalNote,
  rejectModal,
  reminderNote,
  type SearchReply,
  type ShownDecision,
  type StatusReply,
  searchReply,
  statusReply,
  type Trouble,
  troubleNote,
  type VerifyReply,
  verifyReply,
  WITHDRAW_ACTION,
  withdrawalRefusalNote,
  withdrawnNote,
} from './slack/cards/index.ts';
export { createSlackClient, type SlackClient, type TurnCalls } from './slack/client.ts';
export { isPassing, mayHaveHappened, SlackFailure, slackFailure } from './slack/failure.ts';
export {
  inspectSlack,
  type SlackChannel,
  type SlackIdentity,
  type SlackInspector,
  type SlackMember,
  testAppToken,
} from './slack/inspect.ts';
export {
  appManifest,
  BOT_EVENTS,
  BOT_SCOPES,
  GOVERNANCE_COMMAND,
  type ManifestOptions,
} from './slack/manifest.ts';
export { type Message, note } from './slack/message.ts';
export type { Pacer } from './slack/pacing.ts';
export { showMessage } from './slack/show-message.ts';
export { code, escaped } from './slack/text.ts';
export { type VendorLogger, vendorLogger } from './slack/vendor-logger.ts';
