import type { Instant } from '../instant.ts';
import type { PersonId, Role } from '../person.ts';
import type { ApprovalState, DecisionRefusal, Ending, GivenDecision } from './approval.ts';

/** An answer that does not count, and what it was an answer to. */
export interface RefusedDecision {
  /** The model version. */
  readonly name: string;
  /** The account that answered, as people know it. */
  readonly account: string;
  readonly roles: readonly Role[];
  readonly expiresAt: Instant;
  readonly state: ApprovalState;
  readonly decisions: readonly GivenDecision[];
  /** What the same person had decided before; null when nothing. */
  readonly own: GivenDecision | null;
  /** Why the request is superseded; absent or null where a newer submission took its place. */
  readonly ending?: Ending | null;
}

/** How a surface writes what the sentences speak of. */
export interface DeciderWords {
  name(text: string): string;
  account(text: string): string;
  time(at: Instant): string;
  people(ids: readonly PersonId[]): string;
  roles(roles: readonly Role[]): string;
}

type Sentence = (refused: RefusedDecision, words: DeciderWords) => string;

const SENTENCES: Readonly<Record<DecisionRefusal, Sentence>> = {
  unknown_person: ({ account }, words) =>
    `I do not know who you are: ${words.account(account)} is not in the people map.`,
  no_role: ({ name, roles }, words) =>
    `You hold none of the roles that decide on ${words.name(name)}: ${words.roles(roles)}.`,
  submitter_or_author: ({ name }, words) =>
    `You submitted or made ${words.name(name)}, so you may not decide on it.`,
  already_decided: ({ own }, words) =>
    own === null
      ? 'You have decided on this already. Nothing changed.'
      : `You ${own.decision} this already, ${words.time(own.decidedAt)}. Nothing changed.`,
  decided_by_other: ({ name }, words) =>
    `Somebody has decided on ${words.name(name)} in your place already, or the person has in whose place you would decide.`,
  delegation_not_in_force: () => 'The delegation under which you would decide has ended, or has not begun.',
  closed: ({ name, state, decisions }, words) =>
    `${words.name(name)} was ${state} before you, by ${words.people(settledBy(decisions, state))}.`,
  lapsed: ({ expiresAt }, words) => `The request lapsed ${words.time(expiresAt)}.`,
  superseded: ({ name, ending }, words) => {
    if (ending === 'artifact_revoked')
      return `The artifact of ${words.name(name)} was revoked: another version must be submitted.`;
    if (ending === 'pipeline_changed')
      return `The pipeline under which ${words.name(name)} was asked counts no more for it: it must be submitted again under the one that does.`;
    return `A newer submission of ${words.name(name)} took this one's place.`;
  },
  withdrawn: ({ name }, words) =>
    `The request for ${words.name(name)} was withdrawn by somebody who submitted or made it.`,
  view_changed: () => 'What you were shown is not what is asked any more.',
  reason_required: () => 'A rejection needs a reason.',
  confirmation_required: ({ name }, words) =>
    `The pipeline demands that whoever approves ${words.name(name)} retypes the end of its digest.`,
  api_refused: ({ name }, words) =>
    `The pipeline demands that ${words.name(name)} is decided in Slack, not by API or command line.`,
  role_unconfirmed: () =>
    'I could not ask Slack just now whether you hold the role, and what I know is too old.',
  account_barred: ({ account }, words) =>
    `Slack says that ${words.account(account)} is a guest's, a bot's, deactivated, or of another workspace. Such accounts may not decide.`,
};

/** Answers that were given before are on record; of any other refused one nothing is. */
const ON_RECORD: readonly DecisionRefusal[] = ['already_decided'];

/** Why an answer does not count: the same sentence on every surface, in that surface's way of writing. Pure. */
export function whyRefused(refusal: DecisionRefusal, refused: RefusedDecision, words: DeciderWords): string {
  const why = SENTENCES[refusal](refused, words);
  return ON_RECORD.includes(refusal) ? why : `${why} Nothing was recorded.`;
}

function settledBy(decisions: readonly GivenDecision[], state: ApprovalState): PersonId[] {
  return decisions.filter(({ decision }) => decision === state).map(({ person }) => person);
}
