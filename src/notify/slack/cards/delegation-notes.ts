import {
  type DelegationRefusal,
  type Instant,
  type ModelName,
  modelName,
  type PersonId,
  type Role,
} from '../../../domain/index.ts';
import { type Message, note } from '../message.ts';
import { escaped, listed, roleInWords, time } from '../text.ts';
import type { NamePerson } from './people.ts';

/** A delegation as notes tell of it. */
export interface ShownDelegation {
  readonly delegator: PersonId;
  readonly delegate: PersonId;
  readonly roles: readonly Role[];
  readonly until: Instant;
  readonly reason: string | null;
}

/** How to end a delegation. */
export const STOP = 'To end it earlier: `/governance delegate stop`';

/** Tells a delegator what was recorded, and by which clocks the time was read. Pure. */
export function delegatedNote(facts: {
  readonly delegation: ShownDelegation;
  readonly zone: string;
  readonly nameOf: NamePerson;
}): Message {
  const { delegation, zone, nameOf } = facts;
  const { delegate, roles, until } = delegation;
  const read = zone === 'UTC' ? 'UTC, because I do not know your time zone' : escaped(zone, 60);
  return note(
    `🤝 Recorded: ${nameOf(delegate)} decides in your place as ${inWords(roles)} until ${time(until)} (read as ${read}).`,
    'One of you decides on each request, not both. You can take back what is decided in your place.',
    STOP,
  );
}

/** Tells a delegator what became of their wish to end a delegation; null where there was none. Pure. */
export function stoppedNote(stopped: ShownDelegation | null, nameOf: NamePerson): Message {
  if (stopped === null) return note('Nobody decides in your place. Nothing was changed.');
  return note(endedLine(stopped, nameOf));
}

/** That a delegation is over, for whoever made it. */
export function endedLine({ delegate }: ShownDelegation, nameOf: NamePerson): string {
  return `🤝 Ended: ${nameOf(delegate)} decides in your place no more. What they decided stands.`;
}

/** Who decides for whom, as far as it concerns a reader. Pure. */
export function delegationList(facts: {
  readonly delegations: readonly ShownDelegation[];
  /** Null where the people map does not know them. */
  readonly reader: PersonId | null;
  readonly nameOf: NamePerson;
}): Message {
  const { delegations, reader, nameOf } = facts;
  const lines = delegations
    .slice(0, 20)
    .map(({ delegator, delegate, roles, until }) =>
      delegator === reader
        ? `• ${nameOf(delegate)} decides in your place as ${inWords(roles)} until ${time(until)}. ${STOP}`
        : `• You decide in the place of ${nameOf(delegator)} as ${inWords(roles)} until ${time(until)}.`,
    );
  const none = 'Nobody decides in your place, and you decide in nobody else’s.';
  return note(...(lines.length === 0 ? [none] : lines), HOW);
}

const HOW = 'To have somebody decide for you: `/governance delegate @somebody until friday 17:00`';

/** Why nobody was made to decide in another's place. Pure. */
export function delegationRefusalNote(refusal: DelegationRefusal): Message {
  return note(...REFUSALS[refusal], 'Nothing was changed.');
}

const REFUSALS: Readonly<Record<DelegationRefusal, readonly string[]>> = {
  unknown_person: ['I do not know who you are: your Slack account is not in the people map.'],
  unknown_delegate: ['I do not know who that is: their Slack account is not in the people map.'],
  oneself: ['You decide in your own place anyway.'],
  no_role: [
    'You hold no role of your own that you could hand on. What was handed to you, only its holder can.',
  ],
  over_already: ['That time is over already.'],
  too_long: ['30 days are the most. Name an earlier day; you can do it again then.'],
  account_barred: [
    'Your Slack account may not act here: it is deactivated, a guest’s or of another workspace.',
  ],
};

/** What became of the withdrawal of a request. Pure. */
export function requestWithdrawnNote(
  name: ModelName,
  result:
    | { readonly ok: true }
    | { readonly ok: false; readonly refusal: 'no_request' | 'not_submitter' | 'not_open' },
): Message {
  const shown = `*${escaped(modelName(name), 300)}*`;
  if (result.ok)
    return note(
      `↩️ Withdrawn: nobody can decide on ${shown} any more. Nothing is approved.`,
      'To ask again, submit it with `--attempt new`.',
    );
  const why = {
    no_request: `Nobody was ever asked to approve ${shown}.`,
    not_submitter: `Only who submitted or made ${shown} can withdraw the request.`,
    not_open: `The request for ${shown} is not open: it was decided, or has ended.`,
  }[result.refusal];
  return note(why, 'Nothing was changed.');
}

function inWords(roles: readonly Role[]): string {
  return listed(roles.map(roleInWords), 8);
}
