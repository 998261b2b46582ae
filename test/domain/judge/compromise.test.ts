import { describe, expect, it } from 'vitest';
import type { SignerName, TrustedSigner, TrustPolicy } from '../../../src/domain/index.ts';
import { expectVerdict, governedWorld, noteCodes } from './expect-verdict.ts';
import {
  approvalDecision,
  governanceRecord,
  sayDecision,
  sayGoverned,
  sayRun,
  stageResult,
} from './story.ts';
import { ARTIFACT, at, createWorld, POLICY, resigned, type World, withSigners } from './world.ts';

/** The policy once the key of a signer is known to be stolen. */
const stolen = (
  name: SignerName,
  changes: Partial<NonNullable<TrustedSigner['revoked']>> = {},
): TrustPolicy =>
  withSigners((signer) =>
    signer.name === name ? { ...signer, revoked: { from: at(1000), reason: 'stolen', ...changes } } : signer,
  );
const under = (world: World, policy: TrustPolicy, minute?: number) =>
  world.verdict({
    trust: { ...world.input().trust, policy },
    ...(minute === undefined ? {} : { minute }),
  });

describe('a key that is revoked', () => {
  it.each(['worker', 'approvals'] as const)('of the %s leaves standing what was recorded before', (name) => {
    expectVerdict(under(governedWorld(), stolen(name), 2000), 'governed');
  });

  it('says nothing that counts from then on', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'lea', { minute: 999 });
    sayDecision(world, asked, 'cora', { minute: 1000 });
    const verdict = under(world, stolen('approvals'));
    expectVerdict(verdict, 'pending', 'approval_missing');
    expect(noteCodes(verdict)).toEqual(['key_revoked']);
    expect(verdict.notes[0]?.resolve).toContain('countersign keys resign');
  });

  it('fakes no past: what stands behind the place of the ledger at which it was stolen is refused', () => {
    const world = governedWorld();
    const places = world.entries.length;
    expectVerdict(under(world, stolen('worker', { ledgerSize: places })), 'governed');
    expectVerdict(under(world, stolen('worker', { ledgerSize: 0 })), 'ungoverned', 'no_record');
    expectVerdict(
      under(world, stolen('approvals', { ledgerSize: places - 1 })),
      'pending',
      'approval_missing',
    );
  });

  it('is revoked wherever the policy names it, in whatever window', () => {
    const twice = [...POLICY.signers, ...stolen('worker', { from: at(0) }).signers];
    expectVerdict(under(governedWorld(), { ...POLICY, signers: twice }), 'ungoverned', 'no_record');
  });

  it('takes back no no: what it said against an artifact bars it until that is decided', () => {
    const world = governedWorld();
    const asked = sayRun(world, { runId: 'run-2' });
    const id = sayRejection(world, asked);
    const policy = stolen('approvals');
    const barred = under(world, policy);
    expectVerdict(barred, 'ungoverned', 'key_revoked');
    expect(barred.reasons[0]).toMatchObject({ statement: id, resolve: expect.stringContaining('revoked:') });
    const decided = { ...policy, revoked: { statements: [id], artifacts: [] } };
    expectVerdict(under(world, decided), 'governed');
  });

  it('bars nothing by what was never its to say', () => {
    const world = governedWorld();
    const [record, request] = ['governance-record/v1', 'approval-request/v1'].map(
      (kind) => world.said.find((statement) => statement.kind === kind)?.id,
    );
    if (!record || !request) throw new Error('expected a run');
    const body = approvalDecision({ record, request }, 'liam', { decision: 'rejected' });
    world.say({ kind: 'approval-decision/v1', body }, { by: 'worker', minute: 1001 });
    expectVerdict(under(world, stolen('worker')), 'governed');
  });

  it('of the ledger makes no view believed, not even one of before', () => {
    const world = governedWorld();
    expectVerdict(under(world, stolen('ledger')), 'ungoverned', 'view_missing');
  });
});

function sayRejection(world: World, asked: ReturnType<typeof sayRun>) {
  const body = approvalDecision(asked, 'liam', { decision: 'rejected' });
  return world.say({ kind: 'approval-decision/v1', body }, { minute: 1001 });
}

describe('a statement that was signed again', () => {
  /** Made by a key that was stolen meanwhile, and signed again by the worker's new one. */
  function signedAgain() {
    const policy: TrustPolicy = {
      ...POLICY,
      signers: POLICY.signers.map((signer) => {
        if (signer.keyId !== retired) return signer;
        const { validUntil: _, ...open } = signer;
        return { ...open, revoked: { from: at(0), reason: 'stolen' } };
      }),
    };
    const world = createWorld(ARTIFACT, policy);
    sayGoverned(world);
    const first = world.said[0];
    const [entry] = world.entries;
    const old = first && resigned(first, 'retired', policy);
    if (!first || !old || !entry) throw new Error('expected a result');
    const again = { keyId: first.keyId, recordedAt: at(500) };
    world.entries[0] = { ...entry, keyId: old.keyId, resigned: [again] };
    return { world, first, old, rest: world.said.slice(1) };
  }
  const retired = POLICY.signers.at(-1)?.keyId;

  it('counts by its new signature, in its old place', () => {
    const { world, first, old, rest } = signedAgain();
    for (const statements of [
      [first, old, ...rest],
      [first, ...rest],
    ])
      expectVerdict(world.verdict({ statements, minute: 600 }), 'governed');
  });

  it('is missing where its new signature is held back', () => {
    const { world, old, rest } = signedAgain();
    const verdict = world.verdict({ statements: [old, ...rest], minute: 600 });
    expectVerdict(verdict, 'ungoverned', 'statement_missing');
  });

  it('is not signed again by a key that the ledger does not list', () => {
    const { world, first, old, rest } = signedAgain();
    const [entry] = world.entries;
    if (!entry) throw new Error('expected an entry');
    const { resigned: _, ...alone } = entry;
    world.entries[0] = alone;
    const verdict = world.verdict({ statements: [first, old, ...rest], minute: 600 });
    expectVerdict(verdict, 'pending', 'run_in_progress');
    expect(noteCodes(verdict)).toEqual(['key_revoked']);
  });
});

describe('a thief of one key', () => {
  it('of the worker approves nothing', () => {
    const world = createWorld();
    const asked = sayRun(world);
    for (const person of ['lea', 'cora']) {
      const body = approvalDecision(asked, person);
      world.say({ kind: 'approval-decision/v1', body }, { by: 'worker' });
    }
    expectVerdict(world.verdict(), 'pending', 'approval_missing');
  });

  it('of the approvals fakes no run', () => {
    const world = createWorld();
    const by = 'approvals';
    const results = Object.fromEntries(
      ['model_card', 'risk_classification', 'bias_and_fairness'].map((stage) => [
        stage,
        world.say({ kind: 'stage-result/v1', body: stageResult(stage) }, { by }),
      ]),
    );
    world.say({ kind: 'governance-record/v1', body: governanceRecord(results) }, { by });
    expectVerdict(world.verdict(), 'ungoverned', 'no_record');
  });
});

describe('a trust policy', () => {
  const edition = { version: 3, issuedAt: at(0), validUntil: at(5000) };

  it('governs nothing once it has expired, and says what to do', () => {
    const world = governedWorld();
    const policy = { ...POLICY, edition };
    expectVerdict(under(world, policy, 4999), 'governed');
    const verdict = under(world, policy, 5000);
    expectVerdict(verdict, 'ungoverned', 'trust_policy_expired');
    expect(verdict.reasons[0]?.resolve).toContain('countersign trust-policy sign');
  });

  it('that has expired still revokes', () => {
    const policy = { ...POLICY, edition, revoked: { statements: [], artifacts: [ARTIFACT.digest] } };
    expectVerdict(under(governedWorld(), policy, 5000), 'revoked', 'artifact_revoked');
  });
});
