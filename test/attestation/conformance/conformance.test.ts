import { describe, expect, it } from 'vitest';
import {
  readArtifactTrust,
  verifyArtifactBundle,
} from '../../../src/attestation/artifact-signature/index.ts';
import type { ArtifactTrust, SignedArtifact } from '../../../src/attestation/index.ts';
import { digestOf } from '../../../src/domain/index.ts';
import { makeCases } from './cases.ts';
import { IDENTITY, ISSUER } from './instance.ts';
import { ARTIFACT, type Case } from './kit.ts';

const NOW = '2026-11-23T10:00:00.000Z';
const digest = digestOf(ARTIFACT);
const file: SignedArtifact = {
  digest,
  size: ARTIFACT.length,
  read: (offset, length) => ARTIFACT.subarray(offset, offset + length),
};

function trustOf({ key, root }: Case): ArtifactTrust | null {
  const read = readArtifactTrust({
    keys: key === undefined ? [] : [{ publicKey: key }],
    identities: key === undefined ? [{ identity: IDENTITY, issuer: ISSUER }] : [],
    trustedRoot: root,
    certificateAuthorities: [],
    requireTransparencyLog: false,
    predicateTypes: 'any',
  });
  return read.ok ? read.value : null;
}

/**
 * The cases of sigstore-conformance (`test/assets/bundle-verify`, Apache-2.0, by the Sigstore authors), made anew with
 * authorities of our own, and some that it lacks. As there, each is verified with the artifact as a file and as a digest.
 */
describe('a Sigstore bundle', async () => {
  const cases = await makeCases();
  it.each(cases.map((one) => [one.name, one.expect, one] as const))('%s: %s', (_, expected, one) => {
    const trust = trustOf(one);
    const outcomes = [file, { digest }].map((artifact) => {
      if (trust === null) return { outcome: 'bad_root' };
      const result = verifyArtifactBundle(one.bundle, { artifact, trust, now: NOW });
      return result.ok ? { outcome: 'verified' } : { outcome: result.fault, says: result.message };
    });
    expect(outcomes).toMatchObject([{ outcome: expected }, { outcome: expected }]);
  });
});
