import type { Instant } from '../instant.ts';
import { type People, type PersonId, type Role, rolesAt } from '../person.ts';

/** An approval as a quorum weighs it. */
export interface Vote {
  readonly person: PersonId;
  /** Who holds the roles: another than the person where they decided in that one's place. */
  readonly holder: PersonId;
  /** The roles in which it was given. */
  readonly roles: readonly Role[];
  readonly at: Instant;
}

/** Which vote of distinct people covers which role, and which roles none does. */
export interface Quorum<V extends Vote> {
  readonly covered: ReadonlyMap<Role, V>;
  readonly missing: readonly Role[];
}

/**
 * Weighs approvals anew at each one that is given: it is reached if at some approval the people who had approved by
 * then, each in roles held both when they approved and at that moment, covered all roles. Once reached it stands,
 * whoever loses a role later. Until then `missing` is what is lacking at `now`.
 */
export function quorumOf<V extends Vote>(
  roles: readonly Role[],
  votes: readonly V[],
  people: People,
  now: Instant,
): Quorum<V> {
  const inOrder = [...votes].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const standings = inOrder.map(({ at }, index) =>
    standingAt(at, roles, inOrder.slice(0, index + 1), people),
  );
  const reached = standings.find(({ missing }) => missing.length === 0);
  if (reached !== undefined) return reached;
  const standing = standingAt(now, roles, inOrder, people);
  // A role may have come back since the last approval: that alone reaches nothing, for nobody approved then.
  return standing.missing.length > 0 ? standing : (standings.at(-1) ?? standing);
}

function standingAt<V extends Vote>(
  at: Instant,
  roles: readonly Role[],
  votes: readonly V[],
  people: People,
): Quorum<V> {
  const byPerson = new Map(votes.map((vote) => [vote.person, vote]));
  const voters = new Map([...byPerson].map(([person, vote]) => [person, rolesKept(vote, at, people)]));
  const { covered, missing } = coverRoles(roles, voters);
  const votesOf = [...covered].flatMap(([role, person]) => {
    const vote = byPerson.get(person);
    return vote === undefined ? [] : [[role, vote] as const];
  });
  return { covered: new Map(votesOf), missing };
}

function rolesKept({ holder, roles, at: voted }: Vote, at: Instant, people: People): ReadonlySet<Role> {
  const [then, still] = [rolesAt(people, holder, voted), rolesAt(people, holder, at)];
  return new Set(roles.filter((role) => then.has(role) && still.has(role)));
}

/** Which distinct person covers which role, and which roles nobody covers. */
export interface Coverage {
  readonly covered: ReadonlyMap<Role, PersonId>;
  readonly missing: readonly Role[];
}

/**
 * Covers as many roles as possible with distinct people: a maximum matching, found by augmenting paths, so that a
 * person who holds two roles never takes the one that only they can leave to another.
 */
export function coverRoles(
  roles: readonly Role[],
  voters: ReadonlyMap<PersonId, ReadonlySet<Role>>,
): Coverage {
  const roleOf = new Map<PersonId, Role>();
  for (const role of roles) assign(role, voters, roleOf, new Set());
  const covered = new Map([...roleOf].map(([person, role]) => [role, person]));
  return { covered, missing: roles.filter((role) => !covered.has(role)) };
}

function assign(
  role: Role,
  voters: ReadonlyMap<PersonId, ReadonlySet<Role>>,
  roleOf: Map<PersonId, Role>,
  tried: Set<PersonId>,
): boolean {
  for (const [person, held] of voters) {
    if (!held.has(role) || tried.has(person)) continue;
    tried.add(person);
    const taken = roleOf.get(person);
    if (taken === undefined || assign(taken, voters, roleOf, tried)) {
      roleOf.set(person, role);
      return true;
    }
  }
  return false;
}
