import type { Instant } from '../instant.ts';
import type { People, Person, PersonId, Role, RoleGrant } from '../person.ts';

/** A rule of the configuration: who is in a Slack user group (`S…`) holds a role. */
export interface GroupRule {
  readonly group: string;
  readonly role: Role;
}

/** A role that a person holds or held because we saw them in a user group. */
export interface GroupGrant extends GroupRule {
  readonly person: PersonId;
  /** When the membership was first seen. */
  readonly from: Instant;
  /** When it was seen to have ended; null while it stands. */
  readonly until: Instant | null;
}

/** A time in which Slack said that a person may not act: deactivated, a guest, a bot. No role is held in it. */
export interface Suspension {
  readonly person: PersonId;
  readonly from: Instant;
  /** Null while it lasts. */
  readonly until: Instant | null;
}

/** What Slack has told of people's roles, as far as it is stored. */
export interface RolesFromSlack {
  readonly grants: readonly GroupGrant[];
  readonly suspensions: readonly Suspension[];
}

/**
 * The people map with what Slack has told: roles of user groups are added, times of suspension are cut out, of roles of
 * the map too. Nobody is added: whoever the map does not know holds nothing.
 */
export function withRolesFromSlack(people: People, { grants, suspensions }: RolesFromSlack): People {
  const granted = Map.groupBy(grants, ({ person }) => person);
  const suspended = Map.groupBy(suspensions, ({ person }) => person);
  const merged = (person: Person): Person => {
    const roles = [...person.roles, ...(granted.get(person.id) ?? []).map(toRoleGrant)];
    const spells = suspended.get(person.id) ?? [];
    return { id: person.id, roles: roles.flatMap((grant) => outside(spells, grant)) };
  };
  return new Map([...people].map(([id, person]) => [id, merged(person)]));
}

function toRoleGrant({ role, from, until }: GroupGrant): RoleGrant {
  return { role, from, ...(until === null ? {} : { until }) };
}

/** What is left of a grant outside all spells: none, one or several shorter grants. */
function outside(spells: readonly Suspension[], grant: RoleGrant): RoleGrant[] {
  return spells.reduce<RoleGrant[]>((left, spell) => left.flatMap((each) => cut(each, spell)), [grant]);
}

function cut(grant: RoleGrant, { from, until }: Suspension): RoleGrant[] {
  const before = { ...grant, until: earlier(grant.until, from) };
  const after = until === null ? null : { ...grant, from: latest(grant.from, until) };
  return [before, after].filter((part) => part !== null && !isEmpty(part)) as RoleGrant[];
}

function earlier(end: Instant | undefined, limit: Instant): Instant {
  return end !== undefined && end < limit ? end : limit;
}

function latest(start: Instant | undefined, limit: Instant): Instant {
  return start !== undefined && start > limit ? start : limit;
}

function isEmpty({ from, until }: RoleGrant): boolean {
  return from !== undefined && until !== undefined && until <= from;
}
