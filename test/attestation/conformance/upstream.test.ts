import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  readArtifactTrust,
  verifyArtifactBundle,
} from '../../../src/attestation/artifact-signature/index.ts';
import { Digest } from '../../../src/domain/index.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/sigstore-conformance');
/** Of the suite's `a.txt`. */
const ARTIFACT = Digest.parse('sha256:a0cfc71271d6e278e57cd332ff957c3f7043fdda354c4cbb190a30d56efa01bf');
const OTHER = Digest.parse(ARTIFACT.replace('a0', 'b0'));

function verify(name: string, digest = ARTIFACT, keyOf = name) {
  const read = (folder: string, file: string) => readFileSync(join(FIXTURES, folder, file), 'utf8');
  const trust = readArtifactTrust({
    keys: [{ publicKey: read(keyOf, 'key.pub') }],
    identities: [],
    trustedRoot: JSON.parse(read(name, 'trusted_root.json')),
    certificateAuthorities: [],
    requireTransparencyLog: true,
    predicateTypes: 'any',
  });
  if (!trust.ok) throw new Error(JSON.stringify(trust.problems));
  const request = { artifact: { digest }, trust: trust.value, now: '2026-11-23T10:00:00.000Z' };
  return verifyArtifactBundle(read(name, 'bundle.sigstore.json'), request);
}

it('cases of sigstore-conformance itself end as they must', () => {
  const [good, bad] = ['intoto-canonical-log-entry', 'dsse-statement-unknown-type_fail'];
  // The id is the hint that cosign wrote.
  const signer = { by: 'key', keyId: 'rJuYlKqs5PMzdPzjkZBg4BveZRpD97PBnngUXPZSlr8=' };
  expect(verify(good)).toMatchObject({ ok: true, signer, logged: true, seenAt: null });
  expect(verify(good, OTHER)).toMatchObject({ fault: 'other_artifact' });
  expect(verify(good, ARTIFACT, bad)).toMatchObject({ fault: 'untrusted' });
  expect(verify(bad)).toMatchObject({ fault: 'malformed' });
});
