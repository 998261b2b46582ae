import {
  type ApprovalState,
  type ApprovalView,
  type GivenDecision,
  modelName,
  type PersonId,
  type Role,
  type WithdrawalRefusal,
} from '../../../domain/index.ts';
import { actions, section } from '../block.ts';
import { type Message, message, note } from '../message.ts';
import { escaped, listed, roleInWords, time } from '../text.ts';
import type { NamePerson } from './people.ts';
import { withdrawButton } from './withdraw-button.ts';

/** What somebody is told whose answer was recorded. */
export interface Receipt {
  readonly view: ApprovalView;
  readonly state: ApprovalState;
  readonly given: GivenDecision;
  readonly missingRoles: readonly Role[];
  /** Opaque: what the button to withdraw leads to; null where it was withdrawn since. */
  readonly decision: string | null;
  readonly nameOf: NamePerson;
}

/** The receipt of a recorded decision. Pure. */
export function receiptNote(receipt: Receipt): Message {
  const { view, state, given, missingRoles, decision } = receipt;
  const sign = given.decision === 'approved' ? '✅' : '⛔';
  const recorded = `${sign} Recorded: you ${given.decision} ${shown(view)} as ${roles(given.roles)}${inPlace(receipt)}, ${time(given.decidedAt)}.`;
  const lines = [recorded, decision === null ? WITHDRAWN_SINCE : consequence(state, missingRoles)];
  const buttons = decision === null ? [] : [actions(withdrawButton(decision))];
  return message(lines.join(' '), [section(...lines), ...buttons]);
}

const WITHDRAWN_SINCE = 'It was withdrawn since, and counts no more.';

/** What somebody is told who took their decision back, or one that was given in their place. Pure. */
export function withdrawnNote(facts: {
  readonly view: ApprovalView;
  /** Where the request stands without it. */
  readonly state: ApprovalState;
  readonly withdrawn: GivenDecision;
  readonly reader: PersonId;
  readonly nameOf: NamePerson;
}): Message {
  const { view, state, withdrawn, reader, nameOf } = facts;
  const what = withdrawn.decision === 'approved' ? 'approval' : 'rejection';
  const whose =
    withdrawn.person === reader ? `your ${what}` : `the ${what} by ${nameOf(withdrawn.person)} in your place`;
  return note(`↩️ Withdrawn: ${whose} of ${shown(view)} no longer counts.`, AFTER_WITHDRAWAL[state]);
}

const AFTER_WITHDRAWAL: Readonly<Record<ApprovalState, string>> = {
  pending: 'The request is open again, and you may decide anew.',
  approved: 'It stays approved: the others suffice.',
  rejected: 'It stays rejected by somebody else.',
  lapsed: 'The time for an answer is over, so it lapses.',
  superseded: 'Nothing can be decided there any more: the card says why.',
  withdrawn: 'The request itself was withdrawn meanwhile.',
};

/** Why nothing was withdrawn. Pure. */
export function withdrawalRefusalNote(refusal: WithdrawalRefusal): Message {
  return refusal === 'superseded'
    ? note(
        'Nothing can be decided there any more, and your decision leads to nothing. Nothing was changed.',
        'The card says why; answer on the newest one.',
      )
    : note(
        'There is no decision of yours that stands there. Nothing was changed.',
        'Look at its card for who decided.',
      );
}

function consequence(state: ApprovalState, missingRoles: readonly Role[]): string {
  switch (state) {
    case 'pending':
      return `Still needed: ${roles(missingRoles)}.`;
    case 'approved':
      return 'It is approved now; nobody else is needed.';
    case 'rejected':
      return 'The request is closed; who submitted it is told your reason.';
    case 'lapsed':
    case 'superseded':
    case 'withdrawn':
      return `The request is ${state} by now.`;
  }
}

function inPlace({ given: { onBehalfOf }, nameOf }: Receipt): string {
  return onBehalfOf === undefined ? '' : ` on behalf of ${nameOf(onBehalfOf.person)}`;
}

function shown(view: ApprovalView): string {
  return `*${escaped(modelName(view), 300)}*`;
}

function roles(all: readonly Role[]): string {
  return listed(all.map(roleInWords), 8);
}
