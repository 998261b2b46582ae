import type { Decider } from '../delegation.ts';
import type { Instant } from '../instant.ts';
import { type People, type PersonId, type Role, rolesAt } from '../person.ts';
import { type Lent, whoVoted } from './best-answer.ts';

/** Who could still cover a role that nobody has covered yet. */
export interface OpenRole {
  readonly role: Role;
  /** They hold it, and neither decided nor are excluded. */
  readonly people: readonly PersonId[];
  /** Who may decide in the place of one of them, and does not hold it. */
  readonly delegates: readonly { readonly person: PersonId; readonly onBehalfOf: PersonId }[];
}

/** By what a request's missing roles are matched with people. */
export interface OpenRolesBasis {
  readonly missing: readonly Role[];
  readonly excluded: readonly PersonId[];
  readonly decisions: readonly Decider[];
  readonly people: People;
  readonly lent: readonly Lent[];
  readonly now: Instant;
}

/** Those who could still cover each missing role, in their own place or in another's. */
export function openRoles(basis: OpenRolesBasis): OpenRole[] {
  const { missing, excluded, decisions, people, now } = basis;
  const usedUp = new Set([...excluded, ...whoVoted(decisions)]);
  return missing.map((role) => {
    const holders = [...people.keys()].filter(
      (person) => !usedUp.has(person) && rolesAt(people, person, now).has(role),
    );
    return { role, people: holders, delegates: delegatesOf(role, holders, usedUp, basis) };
  });
}

function delegatesOf(
  role: Role,
  holders: readonly PersonId[],
  usedUp: ReadonlySet<PersonId>,
  { people, lent }: OpenRolesBasis,
): OpenRole['delegates'] {
  return lent
    .filter(({ delegate, terms }) => {
      const isFree = people.has(delegate) && !usedUp.has(delegate) && !holders.includes(delegate);
      return isFree && terms.roles.includes(role) && holders.includes(terms.person);
    })
    .map(({ delegate, terms }) => ({ person: delegate, onBehalfOf: terms.person }));
}
