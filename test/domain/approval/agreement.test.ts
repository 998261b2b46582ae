import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Approval,
  type ApprovalState,
  approvalState,
  decide,
  evolve,
  missingRoles,
  type People,
  peopleOf,
  type RoleGrant,
  type Verdict,
} from '../../../src/domain/index.ts';
import { approvalRequest, type RunIds, sayDecision, sayRun } from '../judge/story.ts';
import { at, createWorld, DAY, type World } from '../judge/world.ts';

const VOTERS = ['lea', 'liam', 'cora', 'omni'];
const ROLES = ['ml_lead', 'compliance_officer'];
const VERDICT_OF: Readonly<Partial<Record<ApprovalState, Verdict['status']>>> = {
  approved: 'governed',
  rejected: 'rejected',
  pending: 'pending',
  lapsed: 'pending',
};

/** An approval request as the service has it, and as the ledger has it. */
interface Both {
  readonly world: World;
  readonly asked: RunIds;
  readonly people: People;
  approval: Approval;
}

function ask(people: People): Both {
  const world = createWorld();
  const asked = sayRun(world);
  const { view, roles, expiresAt } = approvalRequest(asked.record);
  const excluded = ['sam', 'ada'];
  const standing = { superseded: false, confirmation: 'confirm' as const, decisions: [] };
  const approval = { id: asked.request, view, roles, excluded, expiresAt, ...standing };
  return { world, asked, people, approval };
}

/** Has a person answer; where the service takes it, it is in the ledger too. */
function answer(both: Both, person: string, minute: number, decision: 'approved' | 'rejected' = 'approved') {
  const { view } = both.approval;
  const said = { person, decision, view, reason: 'because', assurance: 'slack_click' as const };
  const command = { ...said, people: both.people, now: at(minute) };
  const result = decide(command, both.approval);
  if (!result.ok) return result.refusal;
  both.approval = evolve(both.approval, result.decision);
  const { roles, decidedAt } = result.decision;
  sayDecision(both.world, both.asked, person, { roles: [...roles], decision, decidedAt, minute });
  return null;
}

function expectAgreement(both: Both, minute: number): ApprovalState {
  const state = approvalState(both.approval, both.people, at(minute));
  const verdict = both.world.verdict({ people: both.people, minute });
  expect(verdict.status).toBe(VERDICT_OF[state]);
  if (state !== 'rejected')
    expect(verdict.basis?.missingRoles).toEqual(missingRoles(both.approval, both.people, at(minute)));
  return state;
}

const grant = (role: string, from?: number, until?: number): RoleGrant => ({
  role,
  ...(from === undefined ? {} : { from: at(from) }),
  ...(until === undefined ? {} : { until: at(until) }),
});

describe('the service and the judge', () => {
  it('see a quorum in the same answers, whenever roles begin and end and in whatever order people answer', () => {
    const minutes = fc.integer({ min: 5, max: 60 });
    const someMinute = fc.option(minutes, { nil: undefined });
    const anyGrant = fc
      .tuple(fc.constantFrom(...ROLES), someMinute, someMinute)
      .map(([role, from, until]) => grant(role, from, until));
    const anyPeople = fc
      .array(fc.array(anyGrant, { maxLength: 3 }), { minLength: VOTERS.length, maxLength: VOTERS.length })
      .map((grants) => peopleOf(VOTERS.map((id, index) => ({ id, roles: grants[index] ?? [] }))));
    const anyAnswer = fc.record({
      person: fc.constantFrom(...VOTERS),
      after: fc.integer({ min: 0, max: 15 }),
      decision: fc.constantFrom(...Array<'approved'>(9).fill('approved'), 'rejected' as const),
    });
    const seen = new Set<ApprovalState>();
    fc.assert(
      fc.property(anyPeople, fc.array(anyAnswer, { maxLength: 8 }), minutes, (people, answers, later) => {
        const both = ask(people);
        let minute = 10;
        for (const { person, after, decision } of answers) {
          minute += after;
          seen.add(expectAgreement(both, minute));
          answer(both, person, minute, decision);
          seen.add(expectAgreement(both, minute));
        }
        seen.add(expectAgreement(both, minute + later));
        seen.add(expectAgreement(both, 8 * DAY));
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(['approved', 'lapsed', 'pending', 'rejected']);
  });

  it('count an approval no more whose role ended before the others approved, and ask somebody else', () => {
    const both = ask(
      peopleOf([
        { id: 'lea', roles: [grant('ml_lead', undefined, 60)] },
        { id: 'cora', roles: [grant('compliance_officer')] },
        { id: 'liam', roles: [grant('ml_lead')] },
      ]),
    );
    expect(answer(both, 'lea', 10)).toBeNull();
    expect(answer(both, 'cora', 120)).toBeNull();
    expect(expectAgreement(both, 120)).toBe('pending');
    expect(missingRoles(both.approval, both.people, at(120))).toEqual(['ml_lead']);
    expect(answer(both, 'lea', 121)).toBe('no_role');
    expect(answer(both, 'liam', 122)).toBeNull();
    expect(expectAgreement(both, 122)).toBe('approved');
  });

  it('leave an approval standing whose role ended after the quorum was reached', () => {
    const both = ask(
      peopleOf([
        { id: 'lea', roles: [grant('ml_lead', undefined, 60)] },
        { id: 'cora', roles: [grant('compliance_officer')] },
      ]),
    );
    answer(both, 'lea', 10);
    answer(both, 'cora', 59);
    for (const minute of [59, 60, DAY]) expect(expectAgreement(both, minute)).toBe('approved');
  });

  it('see no quorum in a role that came back after everybody had approved: nobody had it when that was weighed', () => {
    const both = ask(
      peopleOf([
        { id: 'lea', roles: [grant('ml_lead', undefined, 60), grant('ml_lead', 200)] },
        { id: 'cora', roles: [grant('compliance_officer')] },
        { id: 'omni', roles: [grant('compliance_officer')] },
      ]),
    );
    answer(both, 'lea', 10);
    answer(both, 'cora', 120);
    expect(expectAgreement(both, 250)).toBe('pending');
    expect(missingRoles(both.approval, both.people, at(250))).toEqual(['ml_lead']);
    answer(both, 'omni', 260);
    expect(expectAgreement(both, 260)).toBe('approved');
  });

  it('tell that a role is missing again as soon as it has ended', () => {
    const both = ask(peopleOf([{ id: 'lea', roles: [grant('ml_lead', undefined, 60)] }]));
    answer(both, 'lea', 10);
    expect(missingRoles(both.approval, both.people, at(59))).toEqual(['compliance_officer']);
    expect(missingRoles(both.approval, both.people, at(60))).toEqual(ROLES);
    expectAgreement(both, 60);
  });
});
