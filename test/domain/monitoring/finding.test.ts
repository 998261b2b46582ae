import { describe, expect, it } from 'vitest';
import type { Deployment, Digest, GovernanceStatus, Verdict } from '../../../src/domain/index.ts';
import { findingsOf } from '../../../src/domain/index.ts';

const NOW = '2026-11-23T11:00:00.000Z';
const SEEN = `sha256:${'d'.repeat(64)}` as Digest;
const GOVERNED = `sha256:${'a'.repeat(64)}` as Digest;

const DEPLOYMENT: Deployment = {
  deployment: 'fraud-eu',
  environment: 'production',
  modelId: 'fraud-detection',
  modelVersion: '4.2.0',
  digest: SEEN,
  confidence: 'verified',
  how: 'the file was read',
  replicas: 1,
  source: 'file',
  observedAt: NOW,
  staleSince: null,
};

function findingFor(status: GovernanceStatus, governedDigest: Digest | null = null) {
  const verdict: Verdict = {
    artifact: SEEN,
    manifest: null,
    environment: 'production',
    status,
    allowed: false,
    reasons: [],
    notes: [],
    basis: null,
    override: null,
    asOf: null,
    judgedAt: NOW,
  };
  return findingsOf(DEPLOYMENT, verdict, { governedDigest, expiry: null });
}

describe('bytes that nobody can tell', () => {
  const unknown = { ...DEPLOYMENT, digest: null, confidence: 'unknown', how: 'it does not exist' } as const;

  it('are unverifiable where something serves, and nothing where nothing does', () => {
    const kinds = (replicas: number) =>
      findingsOf({ ...unknown, replicas }, null, { governedDigest: GOVERNED, expiry: null }).map(
        ({ kind }) => kind,
      );
    expect([kinds(1), kinds(0)]).toEqual([['unverifiable'], []]);
  });
});

describe('bytes that serve traffic without governance', () => {
  it.each([
    ['ungoverned', /^Block traffic to this model, or roll back\. Submit it:/],
    ['pending', /^Block traffic to this model, or roll back\. .*waits for an answer/],
    ['failed', /^Block traffic to this model, or roll back .*failed its checks: mend what the run names/],
    ['rejected', /^Roll back .*people rejected/],
    ['revoked', /^Roll back .*revoked/],
  ] as const)('that are %s are told what to do about that', (status, remedy) => {
    expect(findingFor(status)).toEqual([
      expect.objectContaining({
        kind: 'missing_record',
        severity: 'critical',
        status,
        remedy: expect.stringMatching(remedy),
      }),
    ]);
  });

  it('are one finding, whatever their status', () => {
    const keys = (['pending', 'failed', 'rejected'] as const).map((status) => findingFor(status)[0]?.key);
    expect(new Set(keys).size).toBe(1);
  });

  it('are a mismatch where others are governed under the name, and then have no status to tell', () => {
    const [finding] = findingFor('ungoverned', GOVERNED);
    expect(finding).toMatchObject({ kind: 'hash_mismatch', expected: GOVERNED });
    expect(finding).not.toHaveProperty('status');
  });
});
