import { z } from 'zod';
import { Instant } from './instant.ts';

/** A person id: one human, whatever accounts they use. */
export const PersonId = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected 1 to 64 of a-z 0-9 . _ -');
export type PersonId = z.infer<typeof PersonId>;

/** A role that approvals may ask for, such as `ml_lead`. */
export const Role = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'expected snake_case, at most 64 characters');
export type Role = z.infer<typeof Role>;

/** A role held for a time; no `from` means always, no `until` means still. */
export const RoleGrant = z.strictObject({
  role: Role.describe('The role.'),
  from: Instant.optional().describe('Since when it is held; without it, always.'),
  until: Instant.optional().describe('Until when it was held; without it, still.'),
});
export type RoleGrant = z.infer<typeof RoleGrant>;

/** What the judge needs to know of a person: who, and which roles when. Nothing that must be erasable. */
export const Person = z.strictObject({ id: PersonId, roles: z.array(RoleGrant) });
export type Person = z.infer<typeof Person>;

/** Everybody who may be named in a statement, by person id. */
export type People = ReadonlyMap<PersonId, Person>;

/** Who did something: the account as we saw it, and the person behind it where the people map knows one. */
export const Principal = z.strictObject({
  subject: z
    .string()
    .min(1)
    .max(256)
    .describe('The account: `person:<id>`, `git:<e-mail>`, `ci:<identity>`, `slack:<team>/<user>`.'),
  person: PersonId.nullable().describe('The person behind it; null where the people map knows none.'),
});
export type Principal = z.infer<typeof Principal>;

/** The people map of a list of people. */
export function peopleOf(persons: readonly Person[]): People {
  return new Map(persons.map((person) => [person.id, person]));
}

/** The roles that a person held at an instant; none when the person is unknown. */
export function rolesAt(people: People, id: PersonId, at: Instant): ReadonlySet<Role> {
  const grants = people.get(id)?.roles ?? [];
  return new Set(grants.filter((grant) => holds(grant, at)).map((grant) => grant.role));
}

function holds(grant: RoleGrant, at: Instant): boolean {
  return (grant.from === undefined || grant.from <= at) && (grant.until === undefined || at < grant.until);
}
