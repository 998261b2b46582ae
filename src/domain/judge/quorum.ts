import type { PersonId, Role } from '../person.ts';

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
