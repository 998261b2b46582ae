import { describe, expect, it } from 'vitest';
import {
  authorisedSigner,
  digestOf,
  isTrustedPipeline,
  PREDICATE_KINDS,
  predicateKindOf,
  predicateType,
  SIGNER_NAMES,
  SIGNS,
  type TrustPolicy,
} from '../../src/domain/index.ts';
import { testKey, trusted } from '../attestation/forge.ts';

const worker = testKey();
const pipeline = digestOf('pipeline');
const policy: TrustPolicy = {
  signers: [
    trusted(worker, 'worker', {
      validFrom: '2026-02-01T00:00:00.000Z',
      validUntil: '2026-03-01T00:00:00.000Z',
    }),
  ],
  pipelines: [
    { digest: pipeline, models: ['fraud-detection'], environments: ['staging', 'production'] },
    { digest: digestOf('for all'), models: ['*'], environments: ['*'] },
  ],
  revoked: { statements: [], artifacts: [] },
  people: [],
};

describe('who signs what', () => {
  it('is one signer for each kind of statement, and no kind without', () => {
    for (const kind of PREDICATE_KINDS)
      expect(
        SIGNER_NAMES.filter((name) => SIGNS[name].includes(kind)),
        kind,
      ).toHaveLength(1);
  });

  it('gives the worker no decisions, and the approvals nothing else', () => {
    expect(SIGNS.worker).not.toContain('approval-decision/v1');
    expect(SIGNS.worker).not.toContain('ledger-view/v1');
    expect(SIGNS.worker).toEqual(['stage-result/v1', 'governance-record/v1', 'approval-request/v1']);
    for (const kind of SIGNS.worker) expect(SIGNS.approvals).not.toContain(kind);
    expect(SIGNS.approvals).toContain('approval-withdrawal/v1');
  });
});

describe('authorisedSigner', () => {
  const at = (time: string) =>
    authorisedSigner(policy, worker.keyId, 'stage-result/v1', { recordedAt: time });

  it('finds the signer from the first instant of its window until the last is over', () => {
    expect(at('2026-01-31T23:59:59.999Z')).toBeNull();
    expect(at('2026-02-01T00:00:00.000Z')?.name).toBe('worker');
    expect(at('2026-02-28T23:59:59.999Z')?.name).toBe('worker');
    expect(at('2026-03-01T00:00:00.000Z')).toBeNull();
  });

  it('finds nobody for another kind or another key', () => {
    const when = { recordedAt: '2026-02-02T00:00:00.000Z' };
    expect(authorisedSigner(policy, worker.keyId, 'approval-decision/v1', when)).toBeNull();
    expect(authorisedSigner(policy, testKey().keyId, 'stage-result/v1', when)).toBeNull();
  });
});

describe('isTrustedPipeline', () => {
  const trusts = (digest: typeof pipeline, model: string, environment: string | null) =>
    isTrustedPipeline(policy, digest, model, environment);

  it('matches models and environments whole', () => {
    expect(trusts(pipeline, 'fraud-detection', 'production')).toBe(true);
    expect(trusts(pipeline, 'fraud-detection', 'prod')).toBe(false);
    expect(trusts(pipeline, 'fraud', 'production')).toBe(false);
    expect(trusts(pipeline, '*', 'production')).toBe(false);
    expect(trusts(digestOf('unknown'), 'fraud-detection', 'production')).toBe(false);
  });

  it('knows the star, and the question for any environment', () => {
    expect(trusts(digestOf('for all'), 'anything', 'anywhere')).toBe(true);
    expect(trusts(pipeline, 'fraud-detection', null)).toBe(true);
    expect(trusts(pipeline, 'other', null)).toBe(false);
  });
});

describe('predicate types', () => {
  it('go both ways, and match exactly', () => {
    for (const kind of PREDICATE_KINDS) expect(predicateKindOf(predicateType(kind))).toBe(kind);
    for (const type of ['stage-result/v1', 'https://countersign.dev/constructor', 'https://countersign.dev/'])
      expect(predicateKindOf(type)).toBeNull();
  });
});
