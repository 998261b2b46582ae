import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSigningKey,
  loadSigner,
  type RecordPackage,
  readCheckpoint,
} from '../../src/attestation/index.ts';
import { judgeOffline } from '../../src/cli/verify/judge-offline.ts';
import { type Digest, digestOf, type TrustedSigner, type TrustPolicy } from '../../src/domain/index.ts';
import { DAY, HOUR, later } from '../../src/lib/index.ts';
import { exportRecord } from '../../src/services/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Governance, openGovernance } from '../support/governed-artifact.ts';

let database: TestDatabase;
let governance: Governance;
let policy: TrustPolicy;
let governed: RecordPackage;
const BYTES = digestOf('governed weights');
const OTHER = digestOf('swapped weights');

beforeAll(async () => {
  database = await createTestDatabase();
  governance = openGovernance(database.db);
  policy = governance.trust.policy;
  await governance.govern({ modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: BYTES });
  governed = await pack('4.1.2');
});
afterAll(() => database.close());

const pack = (modelVersion: string) =>
  exportRecord(governance.context, { modelId: 'fraud-detection', modelVersion, environment: 'production' });

interface Changes {
  readonly record?: RecordPackage;
  readonly policy?: TrustPolicy;
  readonly artifact?: Digest;
  readonly environment?: string;
  readonly now?: string;
}

function judgeWith(changes: Changes) {
  const inputs = {
    record: changes.record ?? governed,
    policy: changes.policy ?? policy,
    artifact: { digest: changes.artifact ?? BYTES },
  };
  const { environment = 'production', now = governance.clock.now() } = changes;
  return judgeOffline(inputs, { environment, now });
}

const codesOf = (changes: Changes) => judgeWith(changes).verdict.reasons.map(({ code }) => code);

describe('judging offline', () => {
  it('comes to what the server comes to', () => {
    const { allowed, matches, verdict } = judgeWith({});
    expect([allowed, matches, verdict.status]).toEqual([true, true, 'governed']);
    expect(verdict.basis?.approvals.map(({ person }) => person)).toEqual(['lea', 'cora']);
  });

  it('allows no other bytes, whatever the package says of them', () => {
    expect(judgeWith({ artifact: OTHER })).toMatchObject({
      allowed: false,
      matches: false,
      expected: BYTES,
      got: OTHER,
    });
    const relabelled = { ...governed, artifact: OTHER };
    expect(judgeWith({ record: relabelled, artifact: OTHER })).toMatchObject({
      allowed: false,
      matches: true,
    });
    expect(judgeWith({ record: relabelled })).toMatchObject({ allowed: false, matches: false });
  });

  it('allows nothing once any one statement is left out', () => {
    for (const [index] of governed.statements.entries()) {
      const statements = governed.statements.filter((_, other) => other !== index);
      expect(codesOf({ record: { ...governed, statements } })).toContain('statement_missing');
    }
  });

  it('allows nothing once any one statement is altered', () => {
    for (const [index, text] of governed.statements.entries()) {
      const bundle = JSON.parse(text);
      const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString();
      bundle.dsseEnvelope.payload = Buffer.from(payload.replace('2026', '2027')).toString('base64');
      const statements = governed.statements.with(index, JSON.stringify(bundle));
      expect(judgeWith({ record: { ...governed, statements } }).allowed, text.slice(0, 40)).toBe(false);
    }
  });

  it('does not mind statements twice, in another order, or mixed with rubbish', () => {
    const statements = ['{}', '', ...[...governed.statements].reverse(), ...governed.statements];
    expect(judgeWith({ record: { ...governed, statements } }).allowed).toBe(true);
  });

  it.each(['', '{}', 'null', 'a statement that is no view'])('allows nothing with the view %j', (view) => {
    const text = view.startsWith('a statement') ? (governed.statements[0] ?? '') : view;
    expect(codesOf({ record: { ...governed, view: text } })).toEqual(['view_missing']);
  });

  it.each(['', '{}', 'a view'])('allows nothing where the monitor says %j of the view', (witness) => {
    const text = witness === 'a view' ? governed.view : witness;
    const { verdict } = judgeWith({ record: { ...governed, witness: text } });
    expect(verdict.reasons).toEqual([
      expect.objectContaining({
        code: 'view_unwitnessed',
        resolve: expect.stringMatching(/countersign export .* while the monitor runs$/),
      }),
    ]);
  });

  it('allows nothing that is not proved to be in the ledger, and says so', () => {
    const notInLedger = (changes: Partial<RecordPackage>) => {
      const { allowed, verdict } = judgeWith({ record: { ...governed, ...changes } });
      expect(allowed).toBe(false);
      expect(new Set(verdict.reasons.map(({ code }) => code))).toEqual(new Set(['not_in_ledger']));
    };
    notInLedger({ inclusion: [] });
    notInLedger({ inclusion: [...governed.inclusion].reverse() });
    for (const [index, proof] of governed.inclusion.entries()) {
      const [first = ''] = proof;
      const altered = proof.with(0, `${first.startsWith('0') ? '1' : '0'}${first.slice(1)}`);
      notInLedger({ inclusion: governed.inclusion.with(index, altered) });
      notInLedger({ inclusion: governed.inclusion.with(index, proof.slice(1)) });
    }
    notInLedger({ checkpoint: '' });
    notInLedger({ checkpoint: governed.checkpoint.replace('test/ledger', 'fake/ledger') });
  });

  it('takes a view and a checkpoint of nobody but the ledger, whose key signs nothing else', async () => {
    const head = readCheckpoint(governed.checkpoint);
    if (head === null) throw new Error('the package has no checkpoint');
    const thief = loadSigner('ledger', createSigningKey().privateKey);
    const checkpoint = await thief.signCheckpoint(head);
    expect(codesOf({ record: { ...governed, checkpoint } })).toContain('not_in_ledger');
    const shared = policy.signers.map((signer) =>
      signer.name === 'ledger'
        ? { ...signer, predicates: [...signer.predicates, 'approval-decision/v1' as const] }
        : signer,
    );
    expect(codesOf({ policy: { ...policy, signers: shared } })).toEqual(['view_missing']);
  });

  it('says why what is given as the word of the monitor is not that', () => {
    const why = (witness: string) => judgeWith({ record: { ...governed, witness } }).verdict.reasons[0];
    expect(why(governed.view)).toMatchObject({
      code: 'view_unwitnessed',
      message: expect.stringContaining('is none: it is a ledger-view/v1'),
    });
    const altered = governed.witness.replace(/"sig":"...../, (sig) => `${sig.slice(0, -1)}!`);
    expect(why(altered)?.message).toContain('is none: ');
    const others = policy.signers.filter(({ name }) => name !== 'monitor');
    const [monitor] = policy.signers.filter(({ name }) => name === 'monitor');
    const replaced = { ...loadSigner('monitor', createSigningKey().privateKey) };
    const signers = [
      ...others,
      { ...monitor, keyId: replaced.keyId, publicKey: replaced.publicKey } as TrustedSigner,
    ];
    expect(judgeWith({ policy: { ...policy, signers } }).verdict.reasons[0]?.message).toContain(
      'is none: it is signed by a key that the trust policy lacks',
    );
  });

  it('knows the artifact only under the name that was governed', () => {
    expect(codesOf({ record: { ...governed, modelVersion: '4.1.3' } })).toEqual(['no_record']);
    expect(codesOf({ record: { ...governed, modelId: 'credit-scoring' } })).toEqual(['no_record']);
  });

  it('believes no pipeline but those that the policy names', () => {
    expect(codesOf({ record: { ...governed, pipelines: [] } })).toEqual(['pipeline_not_trusted']);
    const lenient = (governed.pipelines[0] ?? '').replace('human_approval', 'human_nodding');
    expect(codesOf({ record: { ...governed, pipelines: [lenient] } })).toEqual(['pipeline_not_trusted']);
    expect(codesOf({ policy: { ...policy, pipelines: [] } })).toEqual(['pipeline_not_trusted']);
    const elsewhere = policy.pipelines.map((pipeline) => ({ ...pipeline, environments: ['staging'] }));
    expect(codesOf({ policy: { ...policy, pipelines: elsewhere } })).toEqual(['pipeline_not_trusted']);
    expect(judgeWith({ policy: { ...policy, pipelines: elsewhere }, environment: 'staging' }).allowed).toBe(
      true,
    );
  });

  it('believes no signer that the policy lacks', () => {
    for (const { name } of policy.signers) {
      const signers = policy.signers.filter((signer) => signer.name !== name);
      expect(judgeWith({ policy: { ...policy, signers } }).allowed, name).toBe(false);
    }
    const ended = policy.signers.map((signer) => ({ ...signer, validUntil: signer.validFrom }));
    expect(judgeWith({ policy: { ...policy, signers: ended } }).allowed).toBe(false);
  });

  it('counts nobody that the policy does not know in the role', () => {
    for (const { id } of policy.people.filter(({ roles }) => roles.length > 0)) {
      const people = policy.people.filter((person) => person.id !== id);
      expect(judgeWith({ policy: { ...policy, people } }).verdict.status, id).toBe('pending');
    }
  });

  it('heeds revocations', () => {
    const revoked = { ...policy.revoked, artifacts: [BYTES] };
    expect(judgeWith({ policy: { ...policy, revoked } }).verdict.status).toBe('revoked');
  });

  it('trusts a view for a day, and a record for as long as it is good', async () => {
    const issuedAt = governance.clock.now();
    expect(judgeWith({ now: later(issuedAt, 23 * HOUR) }).allowed).toBe(true);
    expect(codesOf({ now: later(issuedAt, 24 * HOUR) })).toEqual(['view_stale']);
    expect(codesOf({ now: later(issuedAt, -HOUR) })).toEqual(['view_stale']);
    governance.clock.advance(91 * DAY);
    expect(judgeWith({ record: await pack('4.1.2') }).verdict.status).toBe('expired');
    governance.clock.advance(-91 * DAY);
  });

  it('is not talked out of a rejection', async () => {
    const artifact = digestOf('rejected weights');
    const run = await governance.submit({ modelId: 'fraud-detection', modelVersion: '4.3.0', artifact });
    const before = await pack('4.3.0');
    await governance.answer(run, 'lea', 'approved');
    await governance.answer(run, 'cora', 'rejected');
    const record = await pack('4.3.0');
    expect(judgeWith({ record, artifact }).verdict.status).toBe('rejected');
    const { view, witness, checkpoint, inclusion } = before;
    const earlier = { ...record, view, witness, checkpoint, inclusion };
    expect(judgeWith({ record: earlier, artifact }).verdict.status).toBe('pending');
    expect(codesOf({ record: { ...record, view }, artifact })).toEqual(['view_unwitnessed']);
    expect(codesOf({ record: { ...record, view, witness }, artifact })).toContain('not_in_ledger');
    const without = record.statements.slice(0, -1);
    expect(codesOf({ record: { ...record, statements: without }, artifact })).toEqual(['statement_missing']);
  });
});
