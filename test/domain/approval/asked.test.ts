import { describe, expect, it } from 'vitest';
import {
  type Approval,
  askedBy,
  digestOf,
  type Hop,
  peopleOf,
  type StatementId,
  whoCanHelp,
} from '../../../src/domain/index.ts';

const NOW = '2026-11-23T10:00:00.000Z';
const people = peopleOf([
  { id: 'lea', roles: [{ role: 'ml_lead' }] },
  { id: 'lia', roles: [{ role: 'ml_lead' }] },
  { id: 'cora', roles: [{ role: 'compliance_officer' }] },
  { id: 'both', roles: [{ role: 'ml_lead' }, { role: 'compliance_officer' }] },
  { id: 'sam', roles: [{ role: 'ml_lead' }] },
  { id: 'nora', roles: [] },
]);
const approval = (...approved: [string, string][]): Approval => ({
  id: `sha256:${'0'.repeat(64)}` as StatementId,
  view: digestOf('view'),
  roles: ['ml_lead', 'compliance_officer'],
  excluded: ['sam'],
  expiresAt: '2026-11-30T10:00:00.000Z',
  superseded: false,
  confirmation: 'confirm',
  decisions: approved.map(([person, role]) => ({
    person,
    roles: role.split(' '),
    decision: 'approved',
    decidedAt: '2026-11-23T09:30:00.000Z',
  })),
});

describe('who can help', () => {
  it('is everybody who holds a role and may decide, while nobody has', () => {
    expect(whoCanHelp(approval(), people, NOW)).toEqual(['lea', 'lia', 'cora', 'both']);
  });

  it('is nobody whose role is covered already', () => {
    expect(whoCanHelp(approval(['lea', 'ml_lead']), people, NOW)).toEqual(['cora', 'both']);
  });

  it('is also who lets somebody else take the other role', () => {
    expect(whoCanHelp(approval(['both', 'ml_lead compliance_officer']), people, NOW)).toEqual([
      'lea',
      'lia',
      'cora',
    ]);
  });

  it('is nobody once the request has ended', () => {
    expect(whoCanHelp(approval(), people, '2026-11-30T10:00:00.000Z')).toEqual([]);
    expect(whoCanHelp({ ...approval(), superseded: true }, people, NOW)).toEqual([]);
  });
});

describe('whom a hop asks', () => {
  const level = (parts: Partial<Extract<Hop, { kind: 'escalation' }>['level']>): Hop => ({
    id: 'level-1',
    kind: 'escalation',
    at: NOW,
    level: { after: 1, backups: false, people: [], channel: null, ...parts },
  });
  const reminder: Hop = { id: 'reminder-1', kind: 'reminder', at: NOW };
  const helpers = [
    { person: 'lea', backup: false },
    { person: 'lia', backup: true },
    { person: 'cora', backup: false },
  ];

  it('reminds those who were asked first', () => {
    expect(askedBy(reminder, [], helpers)).toEqual(['lea', 'cora']);
  });

  it('brings in backups, and reminds them later', () => {
    expect(askedBy(level({ backups: true }), [], helpers)).toEqual(['lia']);
    expect(askedBy(reminder, [level({ backups: true })], helpers)).toEqual(['lea', 'cora', 'lia']);
  });

  it('brings in named people as far as they can help', () => {
    expect(askedBy(level({ people: ['lia', 'ceo'] }), [], helpers)).toEqual(['lia']);
  });

  it('asks backups at once where there is nobody else', () => {
    expect(askedBy(reminder, [], [{ person: 'lia', backup: true }])).toEqual(['lia']);
  });
});
