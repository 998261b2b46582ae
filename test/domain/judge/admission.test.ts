import { describe, expect, it } from 'vitest';
import { expectVerdict, governedWorld, noteCodes } from './expect-verdict.ts';
import {
  approvalDecision,
  governanceRecord,
  sayDecision,
  sayGoverned,
  sayResults,
  sayRun,
  stageResult,
} from './story.ts';
import { ARTIFACT, at, createWorld, OTHER, POLICY, resigned, withSigners } from './world.ts';

describe('a listed statement', () => {
  it('that does not verify stands in the way of everything', () => {
    const world = createWorld();
    sayGoverned(world);
    const id = world.say({ kind: 'stage-result/v1', body: stageResult('extra') }, { by: 'stranger' });
    const verdict = world.verdict();
    expectVerdict(verdict, 'ungoverned', 'signature_invalid');
    expect(verdict.reasons[0]).toMatchObject({ statement: id });
  });

  it('that is not proved to be in the ledger stands in the way of everything, and is told apart', () => {
    const world = createWorld();
    sayGoverned(world);
    const [first, ...rest] = world.said;
    if (first === undefined) throw new Error('expected a statement');
    const failures = [{ id: first.id, code: 'not_in_ledger' as const, message: 'no proof' }];
    expectVerdict(world.verdict({ statements: rest, failures }), 'ungoverned', 'not_in_ledger');
    const disputed = [{ id: first.id, code: 'disputed' as const, message: 'nobody clicked' }];
    expectVerdict(
      world.verdict({ statements: rest, failures: disputed }),
      'ungoverned',
      'statement_disputed',
    );
  });

  it('is not replaced by a copy under another key, so that nothing is set aside by signing it again', () => {
    const world = createWorld();
    const asked = sayGoverned(world);
    sayDecision(world, asked, 'liam', { decision: 'rejected' });
    const rejection = world.said.at(-1);
    const copy = rejection && resigned(rejection, 'worker');
    if (!rejection || !copy) throw new Error('expected a copy');
    expect(copy.id).toBe(rejection.id);
    const rest = world.said.slice(0, -1);
    expectVerdict(world.verdict({ statements: [...rest, copy] }), 'ungoverned', 'statement_missing');
    for (const both of [
      [...rest, rejection, copy],
      [copy, ...rest, rejection],
    ])
      expectVerdict(world.verdict({ statements: both }), 'rejected', 'approval_rejected');
  });

  it('by a key that may not sign such a thing is set aside', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'lea');
    world.say({ kind: 'approval-decision/v1', body: approvalDecision(asked, 'cora') }, { by: 'worker' });
    const verdict = world.verdict();
    expectVerdict(verdict, 'pending', 'approval_missing');
    expect(noteCodes(verdict)).toEqual(['unauthorised_signer']);
    expect(verdict.basis?.missingRoles).toEqual(['compliance_officer']);
  });

  it.each(['approvals', 'ledger', 'monitor', 'retired'] as const)(
    'of a stage by the hand of %s is set aside',
    (by) => {
      const world = createWorld();
      const outcomes = { model_card: 'passed', bias_and_fairness: 'passed' } as const;
      const results = sayResults(world, { outcomes });
      const risk = world.say({ kind: 'stage-result/v1', body: stageResult('risk_classification') }, { by });
      const cited = { ...results, risk_classification: risk };
      world.say({ kind: 'governance-record/v1', body: governanceRecord(cited) });
      const verdict = world.verdict();
      expectVerdict(verdict, 'pending', 'run_in_progress');
      expect(noteCodes(verdict)).toEqual(['unauthorised_signer']);
    },
  );

  it('counts by the window of its key when the ledger recorded it, not by now', () => {
    const windows = { validFrom: at(10), validUntil: at(20) };
    const policy = withSigners((signer) =>
      signer.name === 'approvals' ? { ...signer, ...windows } : signer,
    );
    const decided = (minute: number) => {
      const world = createWorld(ARTIFACT, policy);
      const asked = sayRun(world);
      sayDecision(world, asked, 'lea', { minute: 15 });
      sayDecision(world, asked, 'cora', { minute });
      return world.verdict({ minute: 1000 }).status;
    };
    expect([9, 10, 19, 20].map(decided)).toEqual(['pending', 'governed', 'governed', 'pending']);
  });

  it('counts in any of the windows in which its key is trusted', () => {
    const [first, second] = [
      { validFrom: at(0), validUntil: at(10) },
      { validFrom: at(20), validUntil: at(40) },
    ];
    const others = POLICY.signers.filter(({ name }) => name !== 'approvals');
    const approvals = POLICY.signers.filter(({ name }) => name === 'approvals');
    for (const windows of [
      [first, second],
      [second, first],
    ]) {
      const signers = [
        ...others,
        ...windows.flatMap((window) => approvals.map((signer) => ({ ...signer, ...window }))),
      ];
      const world = createWorld(ARTIFACT, { ...POLICY, signers });
      const asked = sayRun(world);
      sayDecision(world, asked, 'lea', { minute: 9 });
      sayDecision(world, asked, 'cora', { minute: 30 });
      expectVerdict(world.verdict(), 'governed');
    }
  });

  it('about other bytes is set aside', () => {
    const world = createWorld();
    world.say({ kind: 'stage-result/v1', body: stageResult('model_card', { artifact: OTHER }) });
    const verdict = world.verdict();
    expectVerdict(verdict, 'ungoverned', 'no_record');
    expect(noteCodes(verdict)).toEqual(['unauthorised_signer']);
  });

  it('that is revoked never counts, and need not even be presented', () => {
    const world = governedWorld();
    const decision = world.said.at(-1);
    if (!decision) throw new Error('expected a decision');
    const policy = { ...POLICY, revoked: { statements: [decision.id], artifacts: [] } };
    const trust = { ...world.input().trust, policy };
    for (const statements of [world.said, world.said.slice(0, -1)]) {
      const verdict = world.verdict({ trust, statements });
      expectVerdict(verdict, 'pending', 'approval_missing');
      expect(noteCodes(verdict)).toEqual(['statement_revoked']);
    }
  });
});

describe('revoked', () => {
  it('is an artifact that the policy revokes, whatever is said and whether or not it is presented', () => {
    const world = governedWorld();
    const policy = { ...POLICY, revoked: { statements: [], artifacts: [ARTIFACT.digest] } };
    const trust = { ...world.input().trust, policy };
    expectVerdict(world.verdict({ trust }), 'revoked', 'artifact_revoked');
    expectVerdict(world.verdict({ trust, statements: [], view: null }), 'revoked', 'artifact_revoked');
  });

  it('says nothing of other bytes', () => {
    const world = governedWorld();
    const policy = { ...POLICY, revoked: { statements: [], artifacts: [OTHER.digest] } };
    expectVerdict(world.verdict({ trust: { ...world.input().trust, policy } }), 'governed');
  });
});
