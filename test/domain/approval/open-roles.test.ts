import { expect, it } from 'vitest';
import {
  type GivenDecision,
  type Lent,
  openRoles,
  peopleOf,
  type StatementId,
} from '../../../src/domain/index.ts';

const NOW = '2026-11-23T10:00:00.000Z';
const people = peopleOf([
  { id: 'lea', roles: [{ role: 'ml_lead' }] },
  { id: 'lia', roles: [{ role: 'ml_lead' }] },
  { id: 'cora', roles: [{ role: 'compliance_officer' }] },
  { id: 'sam', roles: [{ role: 'ml_lead' }] },
  { id: 'nora', roles: [] },
]);
const lent = (delegate: string, person: string, roles = ['ml_lead']): Lent => ({
  delegate,
  terms: { person, delegation: 'd' as StatementId, roles, from: NOW, until: '2026-11-24T10:00:00.000Z' },
});
const open = (delegations: readonly Lent[], ...decisions: GivenDecision[]) =>
  openRoles({ missing: ['ml_lead'], excluded: ['sam'], decisions, people, lent: delegations, now: NOW })[0];

it('names those who hold the role, and who may in the place of one of them', () => {
  expect(open([lent('nora', 'lea'), lent('cora', 'lia')])).toEqual({
    role: 'ml_lead',
    people: ['lea', 'lia'],
    delegates: [
      { person: 'nora', onBehalfOf: 'lea' },
      { person: 'cora', onBehalfOf: 'lia' },
    ],
  });
});

it.each([
  ['of somebody excluded', lent('nora', 'sam')],
  ['who is excluded', lent('sam', 'lea')],
  ['who holds the role anyway', lent('lia', 'lea')],
  ['of another role', lent('nora', 'lea', ['compliance_officer'])],
  ['whom nobody knows', lent('stranger', 'lea')],
])('leaves out a delegate %s', (_which, delegation) => {
  expect(open([delegation])?.delegates).toEqual([]);
});

it('leaves out whose vote is used up, be it by a delegate, and who delegated to them', () => {
  const decision = { person: 'nora', roles: ['ml_lead'], decision: 'approved', decidedAt: NOW } as const;
  const inPlace = { ...decision, onBehalfOf: lent('nora', 'lea').terms };
  expect(open([lent('nora', 'lia'), lent('cora', 'lea')], inPlace)).toMatchObject({
    people: ['lia'],
    delegates: [],
  });
});
