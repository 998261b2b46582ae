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
  type StatementId,
  type Verdict,
  withdraw,
} from '../../../src/domain/index.ts';
import { approvalDecision, approvalRequest, type RunIds, sayDecision, sayRun } from '../judge/story.ts';
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
  /** The decisions that stand, by person. */
  readonly standing: Map<string, StatementId>;
}

function ask(people: People): Both {
  const world = createWorld();
  const asked = sayRun(world);
  const { view, roles, expiresAt } = approvalRequest(asked.record);
  const excluded = ['sam', 'ada'];
  const standing = { superseded: false, confirmation: 'confirm' as const, decisions: [] };
  const approval = { id: asked.request, view, roles, excluded, expiresAt, ...standing };
  return { world, asked, people, approval, standing: new Map() };
}

/** Has a person answer; where the service takes it, it is in the ledger too. */
function answer(both: Both, person: string, minute: number, decision: 'approved' | 'rejected' = 'approved') {
  const { view } = both.approval;
  const given = { person, decision, view, reason: 'because', assurance: 'slack_click' as const };
  const command = { ...given, people: both.people, now: at(minute) };
  const result = decide(command, both.approval);
  if (!result.ok) return result.refusal;
  both.approval = evolve(both.approval, result.decision);
  const { roles, decidedAt } = result.decision;
  const said = { roles: [...roles], decision, decidedAt, minute };
  both.standing.set(person, sayDecision(both.world, both.asked, person, said));
  return null;
}

/** Has a person take their answer back. */
function takeBack(both: Both, person: string, minute: number) {
  const result = withdraw(person, both.approval);
  const decision = both.standing.get(person);
  expect(result.ok).toBe(decision !== undefined);
  if (!result.ok || decision === undefined) return;
  both.approval = result.after;
  both.standing.delete(person);
  const { artifact } = approvalDecision({ record: both.asked.record, request: both.asked.request }, person);
  const body = { artifact, request: both.asked.request, decision, person, withdrawnAt: at(minute) };
  both.world.say({ kind: 'approval-withdrawal/v1', body }, { minute });
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
      decision: fc.constantFrom(
        ...Array<'approved'>(9).fill('approved'),
        'rejected',
        'withdrawn',
        'withdrawn',
      ),
    });
    const seen = new Set<ApprovalState>();
    fc.assert(
      fc.property(anyPeople, fc.array(anyAnswer, { maxLength: 8 }), minutes, (people, answers, later) => {
        const both = ask(people);
        let minute = 10;
        for (const { person, after, decision } of answers) {
          minute += after;
          seen.add(expectAgreement(both, minute));
          if (decision === 'withdrawn') takeBack(both, person, minute);
          else answer(both, person, minute, decision);
          seen.add(expectAgreement(both, minute));
        }
        seen.add(expectAgreement(both, minute + later));
        seen.add(expectAgreement(both, 8 * DAY));
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(['approved', 'lapsed', 'pending', 'rejected']);
  });

  it('count an answer no more that was taken back, reached or not, and the next one of that person', () => {
    const both = ask(
      peopleOf([
        { id: 'lea', roles: [grant('ml_lead')] },
        { id: 'cora', roles: [grant('compliance_officer')] },
      ]),
    );
    answer(both, 'lea', 10);
    answer(both, 'cora', 11);
    expect(expectAgreement(both, 11)).toBe('approved');
    takeBack(both, 'lea', 20);
    expect(expectAgreement(both, 20)).toBe('pending');
    expect(answer(both, 'lea', 21, 'rejected')).toBeNull();
    expect(expectAgreement(both, 21)).toBe('rejected');
    takeBack(both, 'lea', 22);
    expect(answer(both, 'lea', 23)).toBeNull();
    expect(expectAgreement(both, 23)).toBe('approved');
  });

  it('never let one person take back another’s answer', () => {
    const { world, asked, ...both } = ask(peopleOf([{ id: 'lea', roles: [grant('ml_lead')] }]));
    answer({ world, asked, ...both }, 'lea', 10, 'rejected');
    const [decision] = [...both.standing.values()];
    if (decision === undefined) throw new Error('nothing was decided');
    const { artifact } = approvalDecision(asked, 'cora');
    const body = { artifact, request: asked.request, decision, person: 'cora', withdrawnAt: at(20) };
    world.say({ kind: 'approval-withdrawal/v1', body }, { minute: 20 });
    expect(world.verdict({ people: both.people, minute: 20 }).status).toBe('rejected');
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
