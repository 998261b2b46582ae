import {
  APPROVE_ACTION,
  APPROVE_VIEW,
  BOT_EVENTS,
  GOVERNANCE_COMMAND,
  REJECT_ACTION,
  REJECT_VIEW,
} from '../../notify/index.ts';
import { onApprove, onReject, onUnknownAction } from './actions/index.ts';
import { onGovernance } from './commands/index.ts';
import { onAccessLost } from './events/index.ts';
import type { Listener } from './listener.ts';
import { onApproveConfirmation, onRejectReason, onUnknownView } from './views/index.ts';

export type { Acknowledge, Arrival, Listener } from './listener.ts';

/** Listeners of one kind: those with a name of their own, and the one for everything else. */
interface Kind {
  readonly named: ReadonlyMap<string, Listener>;
  readonly others: Listener | null;
}

/** All that the bot listens to. */
export const LISTENERS: Readonly<Record<'actions' | 'views' | 'commands' | 'events', Kind>> = {
  actions: {
    named: new Map([
      [APPROVE_ACTION, onApprove],
      [REJECT_ACTION, onReject],
    ]),
    others: onUnknownAction,
  },
  views: {
    named: new Map([
      [APPROVE_VIEW, onApproveConfirmation],
      [REJECT_VIEW, onRejectReason],
    ]),
    others: onUnknownView,
  },
  commands: { named: new Map([[GOVERNANCE_COMMAND.command, onGovernance]]), others: null },
  events: { named: new Map(BOT_EVENTS.map((event) => [event, onAccessLost])), others: null },
};
