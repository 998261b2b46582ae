import type {
  ApprovalState,
  ApprovalView,
  DecisionRefusal,
  GivenDecision,
  PersonId,
  Role,
  SlackAccount,
} from '../../../domain/index.ts';
import { modelName } from '../../../domain/index.ts';
import { type Message, note } from '../message.ts';
import { code, escaped, link, listed, roleInWords, time } from '../text.ts';
import type { NamePerson } from './people.ts';

/** What a refusal speaks of. */
export interface RefusalFacts {
  readonly view: ApprovalView;
  readonly state: ApprovalState;
  readonly decisions: readonly GivenDecision[];
  /** Whose answer was refused. */
  readonly own: GivenDecision | null;
  readonly account: SlackAccount;
  readonly nameOf: NamePerson;
}

const NOTHING = 'Nothing was recorded.';

/** What somebody is told whose answer does not count: why, and what to do. */
const SENTENCES: Readonly<Record<DecisionRefusal, (facts: RefusalFacts) => string[]>> = {
  unknown_person: ({ account }) => [
    `I do not know who you are: the Slack account ${code(`${account.team}/${account.user}`, 80)} is not in the people map. ${NOTHING}`,
    'Ask whoever runs Countersign to add it under `people:` in `countersign.yaml`.',
  ],
  no_role: ({ view }) => [
    `You hold none of the roles that decide on ${nameOf(view)}: ${roles(view.roles)}. ${NOTHING}`,
    'Somebody who holds one must answer; the card says who does.',
  ],
  submitter_or_author: ({ view }) => [
    `You submitted or made ${nameOf(view)}, so you may not decide on it. ${NOTHING}`,
    'Ask somebody else on the card.',
  ],
  already_decided: ({ own }) => [
    own === null
      ? 'You have decided on this already. Nothing changed.'
      : `You ${own.decision} this already, ${time(own.decidedAt)}. Nothing changed.`,
    'Each person counts once. If another role is still open, somebody else must answer.',
  ],
  decided_by_other: ({ view }) => [
    `Somebody has decided on ${nameOf(view)} in your place already, or the person has in whose place you would decide. ${NOTHING}`,
    'One human has one vote, whoever casts it.',
  ],
  delegation_not_in_force: () => [
    `The delegation under which you would decide has ended, or has not begun. ${NOTHING}`,
    'Ask the person in whose place you decide to delegate again: `/governance delegate`.',
  ],
  closed: ({ view, state, decisions, nameOf: name }) => [
    `${nameOf(view)} was ${state} before you, by ${listed(settledBy(decisions, state).map(name))}. ${NOTHING}`,
    'There is nothing left to decide.',
  ],
  lapsed: ({ view }) => [
    `The request lapsed ${time(view.expiresAt)}. ${NOTHING}`,
    'Ask the submitter to submit it again with `--attempt new`.',
  ],
  superseded: ({ view }) => [
    `A newer submission of ${nameOf(view)} took this one's place. ${NOTHING}`,
    'Answer on the newest card.',
  ],
  view_changed: () => [
    `What this card shows is not what is asked any more. ${NOTHING}`,
    'Read the card again: I have brought it up to date.',
  ],
  reason_required: () => [
    `A rejection needs a reason. ${NOTHING}`,
    'Click Reject… again and say what has to change.',
  ],
  confirmation_required: ({ view }) => [
    `The pipeline demands that whoever approves ${nameOf(view)} retypes the end of its digest. ${NOTHING}`,
    'Click Approve… on the card in Slack and type it into the form.',
  ],
  role_unconfirmed: () => [
    `I could not ask Slack just now whether you hold the role, and what I know is too old. ${NOTHING}`,
    'Try again in a moment.',
  ],
  account_barred: ({ account }) => [
    `Slack says that the account ${code(`${account.team}/${account.user}`, 80)} is a guest's, a bot's, deactivated, or of another workspace. Such accounts may not decide. ${NOTHING}`,
    'Answer with your own full account in this workspace, or ask somebody else on the card.',
  ],
};

/** The refusal of a decision, for the eyes of the person who made it. Pure. */
export function refusalNote(refusal: DecisionRefusal, facts: RefusalFacts): Message {
  return note(...SENTENCES[refusal](facts));
}

/** Why something clicked or sent cannot be answered in any other way. */
export type Trouble =
  | 'unknown_card'
  | 'unknown_control'
  | 'foreign_workspace'
  | 'modal_expired'
  | 'temporary_failure'
  | 'lookup_failed';

const TROUBLES: Readonly<Record<Trouble, readonly string[]>> = {
  unknown_card: [
    `I do not know this card; it is not one of mine, or its request was deleted. ${NOTHING}`,
    'Look with `/governance pending` for what waits.',
  ],
  unknown_control: [
    `I do not know this kind of card; it was made by another release. ${NOTHING}`,
    'Look with `/governance pending` for what waits, and answer on its card.',
  ],
  foreign_workspace: [
    `Only members of the workspace that owns this channel can decide here. ${NOTHING}`,
    'Ask a colleague there who holds the role.',
  ],
  modal_expired: [`Slack did not let me open the form in time. ${NOTHING}`, 'Click the button again.'],
  temporary_failure: ['Temporary failure: nothing was recorded.', 'Try again in a moment.'],
  lookup_failed: ['I could not look that up just now.', 'Try again in a moment.'],
};

/** Why a click came to nothing. Pure. */
export function troubleNote(trouble: Trouble): Message {
  return note(...TROUBLES[trouble]);
}

/** What somebody is told who used a card that was sent twice by accident, and is not the one that counts. Pure. */
export function duplicateNote(url: string | null): Message {
  const where =
    url === null ? 'Look with `/governance pending` for it.' : `Answer on ${link(url, 'that one')}.`;
  return note(`This card was sent twice, and the other one counts. ${NOTHING}`, where);
}

function settledBy(decisions: readonly GivenDecision[], state: ApprovalState): PersonId[] {
  return decisions.filter(({ decision }) => decision === state).map(({ person }) => person);
}

function nameOf(view: ApprovalView): string {
  return `*${escaped(modelName(view), 300)}*`;
}

function roles(all: readonly Role[]): string {
  return listed(all.map(roleInWords), 8);
}
