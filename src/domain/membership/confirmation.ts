import { later, MINUTE, SECOND } from '../../lib/index.ts';
import type { Instant } from '../instant.ts';
import { type People, type PersonId, type Role, rolesAt } from '../person.ts';
import type { GroupGrant, GroupRule } from './group-grant.ts';

/** For how long what Slack said of groups and accounts is not asked again. */
const FRESH_FOR = 60 * SECOND;
/** For how long it may be relied on when Slack cannot be asked again. */
const RELIABLE_FOR = 15 * MINUTE;

/** Whether what Slack said at an instant need not be asked again. */
export function isFresh(confirmedAt: Instant | undefined, now: Instant): boolean {
  return confirmedAt !== undefined && now < later(confirmedAt, FRESH_FOR);
}

/** Whether what Slack said at an instant may still decide. What was never said does not. */
export function isReliable(confirmedAt: Instant | undefined, now: Instant): boolean {
  return confirmedAt !== undefined && now < later(confirmedAt, RELIABLE_FOR);
}

/** Whose roles an answer relies on, and what is known of them. */
export interface Reliance {
  /** Roles that the request asks for. */
  readonly roles: readonly Role[];
  /** Who answers, and everybody whose approval would count beside theirs. */
  readonly persons: readonly PersonId[];
  /** The people map alone: what it grants needs no confirmation. */
  readonly map: People;
  readonly grants: readonly GroupGrant[];
  readonly rules: readonly GroupRule[];
  /** When Slack last said who is in a group, by group. */
  readonly confirmedAt: ReadonlyMap<string, Instant>;
  readonly now: Instant;
}

/**
 * The groups on whose word an answer relies although it is too old to decide: those that alone give one of the people a
 * role that is asked for.
 */
export function unconfirmedGroups(reliance: Reliance): readonly string[] {
  const { roles, persons, map, confirmedAt, now } = reliance;
  const standing = reliance.grants.filter(
    ({ person, role, until }) => until === null && persons.includes(person) && roles.includes(role),
  );
  const [sure, unsure] = partition(standing, ({ group }) => isReliable(confirmedAt.get(group), now));
  const needed = unsure.filter(
    ({ person, role }) =>
      !rolesAt(map, person, now).has(role) &&
      !sure.some((other) => other.person === person && other.role === role),
  );
  return [...new Set(needed.map(({ group }) => group))];
}

/** The groups that could give somebody one of the roles, were it known who is in them now. */
export function unknownGroups(
  roles: readonly Role[],
  { rules, confirmedAt, now }: Pick<Reliance, 'rules' | 'confirmedAt' | 'now'>,
): readonly string[] {
  const unsure = rules.filter(
    ({ group, role }) => roles.includes(role) && !isReliable(confirmedAt.get(group), now),
  );
  return [...new Set(unsure.map(({ group }) => group))];
}

function partition<T>(all: readonly T[], test: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(test), all.filter((one) => !test(one))];
}
