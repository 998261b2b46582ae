import { describe, expect, it } from 'vitest';
import { peopleOf, type Verdict } from '../../../src/domain/index.ts';
import { expectVerdict, governedWorld, noteCodes, requestBody } from './expect-verdict.ts';
import { governanceRecord, sayDecision, sayGoverned, sayRun, stageResult } from './story.ts';
import { at, createWorld, DAY, PERSONS } from './world.ts';

describe('rejected', () => {
  it('is one rejection that counts, before, between or after approvals', () => {
    for (const place of [0, 1, 2]) {
      const world = createWorld();
      const asked = sayRun(world);
      const approvers = ['lea', 'cora'];
      for (let turn = 0; turn <= 2; turn++) {
        if (turn === place) sayDecision(world, asked, 'omni', { decision: 'rejected' });
        const approver = approvers[turn];
        if (approver) sayDecision(world, asked, approver);
      }
      const verdict = world.verdict();
      expectVerdict(verdict, 'rejected', 'approval_rejected');
      expect(verdict.reasons[0]?.message).toContain('omni');
      expect(verdict.basis?.approvals).toEqual([]);
    }
  });

  it('holds past the time at which an approval would have expired', () => {
    const world = createWorld();
    const asked = sayGoverned(world);
    sayDecision(world, asked, 'liam', { decision: 'rejected', expiresAt: at(20) });
    expectVerdict(world.verdict({ minute: 10 * DAY }), 'rejected', 'approval_rejected');
  });

  it('is not taken back by the same person approving later', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'lea', { decision: 'rejected' });
    sayDecision(world, asked, 'lea');
    sayDecision(world, asked, 'cora');
    expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
  });

  it('is not taken back by asking again, nor by another record of the same run', () => {
    const world = createWorld();
    sayGoverned(world, { runId: 'run-0' });
    const asked = sayRun(world, { runId: 'run-1' });
    sayDecision(world, asked, 'lea', { decision: 'rejected' });
    expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
    const body = { ...requestBody(world), runId: 'run-1', record: asked.record, dueAt: at(500) };
    world.say({ kind: 'approval-request/v1', body });
    expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
    world.say({
      kind: 'governance-record/v1',
      body: governanceRecord(asked.results, { authors: [{ subject: 'git:lea', person: 'lea' }] }),
    });
    expectVerdict(world.verdict(), 'rejected', 'approval_rejected');
  });

  it('is overcome by a new run that is approved', () => {
    const world = createWorld();
    const asked = sayRun(world, { runId: 'run-1' });
    sayDecision(world, asked, 'lea', { decision: 'rejected' });
    sayGoverned(world, { runId: 'run-2' });
    expectVerdict(world.verdict(), 'governed');
  });

  it.each(['sam', 'ada', 'nora', 'nobody'])('is not the word of %s, who may not decide', (person) => {
    const world = createWorld();
    const asked = sayGoverned(world);
    sayDecision(world, asked, person, { decision: 'rejected' });
    const verdict = world.verdict();
    expectVerdict(verdict, 'governed');
    expect(noteCodes(verdict)).toEqual(['decision_not_counted']);
  });
});

describe('a decision that does not count', () => {
  /** A run approved by cora, and then by the decision in question. */
  function decided(person: string, changes: Parameters<typeof sayDecision>[3] = {}): Verdict {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'cora');
    sayDecision(world, asked, person, changes);
    return world.verdict();
  }

  function expectNotCounted(verdict: Verdict, why: RegExp): void {
    expectVerdict(verdict, 'pending', 'approval_missing');
    expect(noteCodes(verdict)).toEqual(['decision_not_counted']);
    expect(verdict.notes[0]?.message).toMatch(why);
  }

  it('would count if nothing were wrong with it', () => expectVerdict(decided('lea'), 'governed'));

  it('is of the submitter', () => expectNotCounted(decided('sam'), /submitter/));
  it('is of an author', () => expectNotCounted(decided('ada'), /author/));
  it('is of a person without the role', () => expectNotCounted(decided('nora'), /held none of/));
  it('is of a person whom nobody knows', () => expectNotCounted(decided('nobody'), /people map/));
  it('claims no role of the stage', () =>
    expectNotCounted(decided('lea', { roles: ['somebody_else'] }), /held none/));
  it('claims a role that its person has not', () =>
    expectNotCounted(decided('lea', { roles: ['compliance_officer'] }), /held none/));
  it('was made on another view', () =>
    expectNotCounted(decided('lea', { view: stageResult('extra').evidence }), /another view/));
  it('was made on another record', () =>
    expectNotCounted(decided('lea', { record: 'b'.repeat(64) as never }), /another view or record/));

  it('was recorded when its person did not have the role yet', () => {
    expectNotCounted(decided('late', { minute: 59, decidedAt: at(61) }), /held none/);
    expectVerdict(decided('late', { minute: 60 }), 'governed');
  });

  it('was recorded when its person had the role no more', () => {
    expectVerdict(decided('gone', { minute: 29 }), 'governed');
    expectNotCounted(decided('gone', { minute: 30, decidedAt: at(29) }), /held none/);
  });

  it('was recorded when the request had lapsed, however it dates itself', () => {
    expectVerdict(decided('lea', { minute: 7 * DAY - 1 }), 'governed');
    const verdict = decided('lea', { minute: 7 * DAY, decidedAt: at(10) });
    expectVerdict(verdict, 'pending', 'approval_lapsed');
    expect(noteCodes(verdict)).toEqual(['decision_not_counted']);
  });

  it('answers another request', () => {
    const world = createWorld();
    const other = sayRun(world, { runId: 'run-0' });
    const asked = sayRun(world, { runId: 'run-1' });
    sayDecision(world, other, 'lea');
    sayDecision(world, asked, 'cora');
    expectVerdict(world.verdict(), 'pending', 'approval_missing');
  });

  it('is of a person who lost the role only later: it goes on counting', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'gone', { minute: 20 });
    sayDecision(world, asked, 'cora', { minute: 21 });
    expectVerdict(world.verdict({ minute: DAY }), 'governed');
  });

  it('is of a person since struck from the people map', () => {
    const world = governedWorld();
    const people = peopleOf(PERSONS.filter(({ id }) => id !== 'lea'));
    expectVerdict(world.verdict({ people }), 'pending', 'approval_missing');
  });
});
