import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverRoles } from '../../../src/domain/index.ts';

type Voters = ReadonlyMap<string, ReadonlySet<string>>;

const voters = (held: Readonly<Record<string, readonly string[]>>): Voters =>
  new Map(Object.entries(held).map(([person, roles]) => [person, new Set(roles)]));

/** How many roles distinct people can cover at most, by trying every way. */
function mostCovered(roles: readonly string[], people: Voters): number {
  const [role, ...rest] = roles;
  if (role === undefined) return 0;
  const without = mostCovered(rest, people);
  const withs = [...people]
    .filter(([, held]) => held.has(role))
    .map(([person]) => 1 + mostCovered(rest, new Map([...people].filter(([other]) => other !== person))));
  return Math.max(without, ...withs);
}

const ROLES = ['a', 'b', 'c', 'd'];
const anyVoters = fc
  .array(fc.subarray(ROLES), { maxLength: 6 })
  .map((held): Voters => new Map(held.map((roles, index) => [`p${index}`, new Set(roles)])));

describe('coverRoles', () => {
  it('covers as many roles as there is any way to, and says which are left', () => {
    fc.assert(
      fc.property(fc.subarray(ROLES), anyVoters, (roles, people) => {
        const { covered, missing } = coverRoles(roles, people);
        expect(covered.size).toBe(mostCovered(roles, people));
        expect([...covered.keys(), ...missing].sort()).toEqual([...roles].sort());
      }),
      { numRuns: 500 },
    );
  });

  it('gives every role to a person of its own, who holds it', () => {
    fc.assert(
      fc.property(fc.subarray(ROLES), anyVoters, (roles, people) => {
        const { covered } = coverRoles(roles, people);
        expect(new Set(covered.values()).size).toBe(covered.size);
        for (const [role, person] of covered) expect(people.get(person)?.has(role)).toBe(true);
      }),
    );
  });

  it('is complete for some order of people exactly if it is for every', () => {
    const both = fc.tuple(fc.subarray(ROLES), anyVoters);
    fc.assert(
      fc.property(both, ([roles, people]) => {
        const backwards = new Map([...people].reverse());
        expect(coverRoles(roles, backwards).covered.size).toBe(coverRoles(roles, people).covered.size);
      }),
    );
  });

  it.each<[string, readonly string[], Record<string, readonly string[]>, readonly string[]]>([
    ['nobody', ['a', 'b'], {}, ['a', 'b']],
    ['no roles asked', [], { p: ['a'] }, []],
    ['one person for two roles', ['a', 'b'], { p: ['a', 'b'] }, ['b']],
    ['the greedy trap', ['a', 'b'], { p: ['a', 'b'], q: ['a'] }, []],
    ['a chain of three', ['a', 'b', 'c'], { p: ['a', 'b'], q: ['b', 'c'], r: ['a'] }, []],
    ['many people, one role', ['a', 'b'], { p: ['a'], q: ['a'], r: ['a'] }, ['b']],
  ])('knows the case of %s', (_what, roles, held, missing) => {
    expect(coverRoles(roles, voters(held)).missing).toEqual(missing);
  });

  it('ends in no time with very many people', () => {
    const many = new Map(Array.from({ length: 2000 }, (_, index) => [`p${index}`, new Set(['a', 'b'])]));
    expect(coverRoles(['a', 'b', 'c'], many).missing).toEqual(['c']);
  });
});
