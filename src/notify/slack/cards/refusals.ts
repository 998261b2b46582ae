import type {
  ApprovalState,
  ApprovalView,
  DecisionRefusal,
  Ending,
  GivenDecision,
  SlackAccount,
} from '../../../domain/index.ts';
import { modelName, whyRefused } from '../../../domain/index.ts';
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
  /** Why the request is superseded; absent or null where a newer submission took its place. */
  readonly ending?: Ending | null;
  readonly account: SlackAccount;
  readonly nameOf: NamePerson;
}

const NOTHING = 'Nothing was recorded.';

/** What to do about an answer that does not count. */
const REMEDIES: Readonly<Record<DecisionRefusal, string>> = {
  unknown_person: 'Ask whoever runs Countersign to add it under `people:` in `countersign.yaml`.',
  no_role: 'Somebody who holds one must answer; the card says who does.',
  submitter_or_author: 'Ask somebody else on the card.',
  already_decided: 'Each person counts once. If another role is still open, somebody else must answer.',
  decided_by_other: 'One human has one vote, whoever casts it.',
  delegation_not_in_force:
    'Ask the person in whose place you decide to delegate again: `/governance delegate`.',
  closed: 'There is nothing left to decide.',
  lapsed: 'Ask the submitter to submit it again with `--attempt new`.',
  superseded: 'Answer on the newest card, once it is there.',
  withdrawn: 'If it is wanted after all, they submit it with `--attempt new`.',
  view_changed: 'Read the card again: I have brought it up to date.',
  reason_required: 'Click Reject… again and say what has to change.',
  confirmation_required: 'Click Approve… on the card in Slack and type it into the form.',
  api_refused: 'Answer on the card.',
  role_unconfirmed: 'Try again in a moment.',
  account_barred: 'Answer with your own full account in this workspace, or ask somebody else on the card.',
};

/** The refusal of a decision, for the eyes of the person who made it. Pure. */
export function refusalNote(refusal: DecisionRefusal, facts: RefusalFacts): Message {
  const { view, state, decisions, own, ending = null, account, nameOf } = facts;
  const { roles, expiresAt } = view;
  const about = { name: modelName(view), roles, expiresAt, state, decisions, own, ending };
  const why = whyRefused(
    refusal,
    { ...about, account: `${account.team}/${account.user}` },
    {
      name: (text) => `*${escaped(text, 300)}*`,
      account: (text) => `the Slack account ${code(text, 80)}`,
      time,
      people: (ids) => listed(ids.map(nameOf)),
      roles: (all) => listed(all.map(roleInWords), 8),
    },
  );
  return note(why, REMEDIES[refusal]);
}

/** Why something clicked or sent cannot be answered in any other way. */
export type Trouble =
  | 'unknown_card'
  | 'unknown_control'
  | 'foreign_workspace'
  | 'modal_expired'
  | 'temporary_failure'
  | 'unanswered'
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
  unanswered: [
    'The database did not answer, so I cannot tell whether it was recorded.',
    'Look in a minute whether anything has changed, and do it again if not: it counts once.',
  ],
  lookup_failed: ['I could not look that up just now.', 'Try again in a moment.'],
};

/** Why a click came to nothing. Pure. */
export function troubleNote(trouble: Trouble): Message {
  return note(...TROUBLES[trouble]);
}

/** What somebody is told whose card does not show what is asked, or not any more. Pure. */
export function staleCardNote(url: string | null): Message {
  const where =
    url === null ? 'Look with `/governance pending` for the newest.' : `Open ${link(url, 'the newest')}.`;
  return note(
    `This card is not the one that was posted. ${NOTHING}`,
    `${where} Read it again before you answer.`,
  );
}

/** What somebody is told who used a card that was sent twice by accident, and is not the one that counts. Pure. */
export function duplicateNote(url: string | null): Message {
  const where =
    url === null ? 'Look with `/governance pending` for it.' : `Answer on ${link(url, 'that one')}.`;
  return note(`This card was sent twice, and the other one counts. ${NOTHING}`, where);
}
