import {
  ACKNOWLEDGE_ACTION,
  APPROVE_ACTION,
  APPROVE_AT_ONCE_ACTION,
  APPROVE_VIEW,
  BLOCK_ACTION,
  type BOT_EVENTS,
  CONFIRM_OVERRIDE_ACTION,
  CONFIRM_TOKEN_ACTION,
  DENY_TOKEN_ACTION,
  DOCUMENT_OVERRIDE_ACTION,
  DOCUMENT_VIEW,
  GOVERNANCE_COMMAND,
  MUTE_ACTION,
  MUTE_VIEW,
  NEWER_ACTION,
  OLDER_ACTION,
  OVERRIDE_VIEW,
  REJECT_ACTION,
  REJECT_VIEW,
  RENEW_ACTION,
  RUN_ACTION,
  UNMUTE_ACTION,
  WITHDRAW_ACTION,
} from '../../notify/index.ts';
import {
  onAcknowledge,
  onApprove,
  onApproveAtOnce,
  onBlock,
  onConfirmOverride,
  onDocumentOverride,
  onMute,
  onReject,
  onRenew,
  onRun,
  onTokenConfirmed,
  onTokenDenied,
  onTurnPage,
  onUnknownAction,
  onUnmute,
  onWithdraw,
} from './actions/index.ts';
import { onGovernance } from './commands/index.ts';
import { onAccessLost, onGroupChanged, onHomeOpened } from './events/index.ts';
import type { Listener } from './listener.ts';
import {
  onApproveConfirmation,
  onMuteForm,
  onOverride,
  onOverrideDocumentation,
  onRejectReason,
  onUnknownView,
} from './views/index.ts';

export type { Acknowledge, Arrival, Listener } from './listener.ts';

/** Listeners of one kind: those with a name of their own, and the one for everything else. */
interface Kind {
  readonly named: ReadonlyMap<string, Listener>;
  readonly others: Listener | null;
}

const EVENT_LISTENERS: Readonly<Record<(typeof BOT_EVENTS)[number], Listener>> = {
  app_home_opened: onHomeOpened,
  app_uninstalled: onAccessLost,
  tokens_revoked: onAccessLost,
  subteam_members_changed: onGroupChanged,
  subteam_updated: onGroupChanged,
};

/** All that the bot listens to. */
export const LISTENERS: Readonly<Record<'actions' | 'views' | 'commands' | 'events', Kind>> = {
  actions: {
    named: new Map([
      [APPROVE_ACTION, onApprove],
      [APPROVE_AT_ONCE_ACTION, onApproveAtOnce],
      [REJECT_ACTION, onReject],
      [NEWER_ACTION, onTurnPage],
      [OLDER_ACTION, onTurnPage],
      [WITHDRAW_ACTION, onWithdraw],
      [CONFIRM_OVERRIDE_ACTION, onConfirmOverride],
      [DOCUMENT_OVERRIDE_ACTION, onDocumentOverride],
      [CONFIRM_TOKEN_ACTION, onTokenConfirmed],
      [DENY_TOKEN_ACTION, onTokenDenied],
      [ACKNOWLEDGE_ACTION, onAcknowledge],
      [MUTE_ACTION, onMute],
      [UNMUTE_ACTION, onUnmute],
      [RUN_ACTION, onRun],
      [RENEW_ACTION, onRenew],
      [BLOCK_ACTION, onBlock],
    ]),
    others: onUnknownAction,
  },
  views: {
    named: new Map([
      [APPROVE_VIEW, onApproveConfirmation],
      [REJECT_VIEW, onRejectReason],
      [OVERRIDE_VIEW, onOverride],
      [DOCUMENT_VIEW, onOverrideDocumentation],
      [MUTE_VIEW, onMuteForm],
    ]),
    others: onUnknownView,
  },
  commands: { named: new Map([[GOVERNANCE_COMMAND.command, onGovernance]]), others: null },
  events: { named: new Map(Object.entries(EVENT_LISTENERS)), others: null },
};
