import type { Instant } from '../instant.ts';
import type { PersonId } from '../person.ts';
import type { GroupGrant, GroupRule } from './group-grant.ts';

/** Who is in a user group, as Slack said. */
export interface GroupMembers {
  readonly group: string;
  /** People of the map among its members; accounts that the map does not know are nobody. */
  readonly people: readonly PersonId[];
}

/** What has to change so that the grants say what Slack said. */
export interface GrantChanges {
  readonly opened: readonly GroupGrant[];
  /** Grants that end, with their end. */
  readonly closed: readonly (GroupGrant & { readonly until: Instant })[];
}

/** Compares what Slack said of one group with the grants that stand: memberships that appeared begin now, others end now. */
export function grantChanges(
  { group, people }: GroupMembers,
  rules: readonly GroupRule[],
  standing: readonly GroupGrant[],
  now: Instant,
): GrantChanges {
  const roles = [...new Set(rules.filter((rule) => rule.group === group).map(({ role }) => role))];
  const wanted = [...new Set(people)].flatMap((person) => roles.map((role) => ({ person, role })));
  const own = standing.filter((grant) => grant.group === group && grant.until === null);
  const isSame = (a: Pick<GroupGrant, 'person' | 'role'>) => (b: Pick<GroupGrant, 'person' | 'role'>) =>
    a.person === b.person && a.role === b.role;
  return {
    opened: wanted
      .filter((wish) => !own.some(isSame(wish)))
      .map((wish) => ({ ...wish, group, from: now, until: null })),
    closed: own.filter((grant) => !wanted.some(isSame(grant))).map((grant) => ended(grant, now)),
  };
}

/** Grants that stand although the configuration has their rule no more: they end. */
export function grantsWithoutRule(
  rules: readonly GroupRule[],
  standing: readonly GroupGrant[],
  now: Instant,
): GrantChanges['closed'] {
  const isRuled = ({ group, role }: GroupGrant) =>
    rules.some((rule) => rule.group === group && rule.role === role);
  return standing
    .filter((grant) => grant.until === null && !isRuled(grant))
    .map((grant) => ended(grant, now));
}

/** A clock that went back ends nothing before it began. */
function ended(grant: GroupGrant, now: Instant): GroupGrant & { until: Instant } {
  return { ...grant, until: now < grant.from ? grant.from : now };
}
