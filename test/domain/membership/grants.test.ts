import { describe, expect, it } from 'vitest';
import {
  type AccountFacts,
  barOf,
  createDirectory,
  type GroupGrant,
  grantChanges,
  grantsWithoutRule,
  isFresh,
  isReliable,
  type People,
  peopleOf,
  rolesAt,
  unconfirmedGroups,
  unknownGroups,
} from '../../../src/domain/index.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
const RULES = [
  { group: 'S1', role: 'ml_lead' },
  { group: 'S1', role: 'security' },
  { group: 'S2', role: 'ml_lead' },
];
const grant = (change: Partial<GroupGrant> = {}): GroupGrant => ({
  person: 'ann',
  role: 'ml_lead',
  group: 'S1',
  from: at(0),
  until: null,
  ...change,
});

describe('what changes when Slack says who is in a group', () => {
  it('begins each of its roles for each person once, and ends those of who is gone', () => {
    const standing = [grant(), grant({ role: 'security' }), grant({ group: 'S2' })];
    const changes = grantChanges({ group: 'S1', people: ['ben', 'ben'] }, RULES, standing, at(5));
    expect(changes.opened).toEqual([
      grant({ person: 'ben', from: at(5) }),
      grant({ person: 'ben', role: 'security', from: at(5) }),
    ]);
    expect(changes.closed).toEqual([grant({ until: at(5) }), grant({ role: 'security', until: at(5) })]);
  });

  it('is nothing when nothing changed, and nothing that has ended begins to end again', () => {
    const standing = [grant({ group: 'S2' }), grant({ person: 'ben', group: 'S2', until: at(1) })];
    expect(grantChanges({ group: 'S2', people: ['ann'] }, RULES, standing, at(5))).toEqual({
      opened: [],
      closed: [],
    });
  });

  it('ends what the configuration says no more, by a clock that went back too', () => {
    const standing = [grant(), grant({ group: 'S3', from: at(9) })];
    expect(grantsWithoutRule(RULES, standing, at(5))).toEqual([
      grant({ group: 'S3', from: at(9), until: at(9) }),
    ]);
  });
});

describe('the people with what Slack has told', () => {
  const MAP = peopleOf([
    { id: 'ann', roles: [{ role: 'security', from: at(10) }] },
    { id: 'ben', roles: [] },
  ]);
  const told = (
    grants: GroupGrant[],
    suspensions: { person: string; from: string; until: string | null }[] = [],
  ) => createDirectory(MAP, []).reading()({ grants, suspensions });
  const held = (people: People, person: string, minute: number) =>
    [...rolesAt(people, person, at(minute))].sort();

  it('hold roles of groups from when they were seen in them until they were not', () => {
    const people = told([grant({ from: at(5), until: at(20) })]);
    expect([4, 5, 15, 20].map((minute) => held(people, 'ann', minute))).toEqual([
      [],
      ['ml_lead'],
      ['ml_lead', 'security'],
      ['security'],
    ]);
  });

  it('hold nothing while they are suspended, whoever gave the role', () => {
    const people = told(
      [grant()],
      [
        { person: 'ann', from: at(12), until: at(14) },
        { person: 'ann', from: at(20), until: null },
      ],
    );
    expect([11, 12, 13, 14, 19, 20, 99].map((minute) => held(people, 'ann', minute).length)).toEqual([
      2, 0, 0, 2, 2, 0, 0,
    ]);
  });

  it('are those of the map, whoever else is in a group', () => {
    expect([...told([grant({ person: 'eve' })]).keys()]).toEqual(['ann', 'ben']);
  });

  it('are those of the newest reading, in whatever order readings end', () => {
    const directory = createDirectory(MAP, []);
    const [older, newer] = [directory.reading(), directory.reading()];
    newer({ grants: [grant({ person: 'ben' })], suspensions: [] });
    expect(held(older({ grants: [], suspensions: [] }), 'ben', 1)).toEqual([]);
    expect(held(directory.people, 'ben', 1)).toEqual(['ml_lead']);
    expect(held(directory.peopleMap, 'ben', 1)).toEqual([]);
  });
});

describe('what Slack said', () => {
  it.each([
    [undefined, false, false],
    [at(59.5), true, true],
    [at(59), false, true],
    [at(45.1), false, true],
    [at(45), false, false],
  ])('at %s is fresh: %s, may decide: %s', (confirmedAt, fresh, reliable) => {
    expect([isFresh(confirmedAt, at(60)), isReliable(confirmedAt, at(60))]).toEqual([fresh, reliable]);
  });

  const known = {
    rules: RULES,
    now: at(60),
    confirmedAt: new Map([
      ['S1', at(0)],
      ['S2', at(59)],
    ]),
  };
  const relied = (grants: GroupGrant[], map = peopleOf([])) =>
    unconfirmedGroups({ ...known, roles: ['ml_lead'], persons: ['ann'], map, grants });

  it('is too old where it alone gives somebody a role that is asked for', () => {
    expect(relied([grant()])).toEqual(['S1']);
    expect(relied([grant({ role: 'security' }), grant({ person: 'ben' }), grant({ until: at(1) })])).toEqual(
      [],
    );
    expect(relied([grant(), grant({ group: 'S2' })])).toEqual([]);
    expect(relied([grant()], peopleOf([{ id: 'ann', roles: [{ role: 'ml_lead' }] }]))).toEqual([]);
  });

  it('is too old to say that somebody holds no role', () => {
    expect(unknownGroups(['ml_lead'], known)).toEqual(['S1']);
    expect(unknownGroups(['compliance_officer'], known)).toEqual([]);
  });
});

describe('an account', () => {
  const FULL: AccountFacts = {
    team: 'T1',
    enterprise: null,
    workspaces: [],
    deactivated: false,
    automated: false,
    guest: false,
    stranger: false,
    timeZone: null,
  };
  const OF_ORG = { team: 'T2', enterprise: 'E1', workspaces: ['T1', 'T2'] };
  it.each<[string, Partial<AccountFacts>, string, string | null]>([
    ['a full member', {}, 'T1', null],
    ['a member of our workspace whose home is another of the organisation', OF_ORG, 'T1', null],
    ['a member of the organisation', OF_ORG, 'E1', null],
    ['a member of another workspace of it', { ...OF_ORG, workspaces: ['T2'] }, 'T1', 'foreign'],
    ['another workspace', { team: 'T9' }, 'T1', 'foreign'],
    ['no member of the organisation', { team: 'T9' }, 'E1', 'foreign'],
    ['a stranger of Slack Connect', { stranger: true }, 'T1', 'foreign'],
    ['a guest', { guest: true }, 'T1', 'guest'],
    ['a bot', { automated: true }, 'T1', 'bot'],
    ['deactivated', { deactivated: true, guest: true }, 'T1', 'deactivated'],
  ])('of %s', (_who, change, place, bar) => {
    expect(barOf({ ...FULL, ...change }, place)).toBe(bar);
  });
});
