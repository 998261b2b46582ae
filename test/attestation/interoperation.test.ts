import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { describe, expect, it } from 'vitest';
import { createVerifier, loadSigner, signStatement } from '../../src/attestation/index.ts';
import { forge, payloadOf, preAuthEncoding, trusted } from './forge.ts';
import { ARTIFACT, stageResult } from './said.ts';
import { approvals, verifier, worker } from './verifying.ts';

const signer = loadSigner('worker', worker.privatePem);

describe('a bundle, by others', () => {
  it('is accepted by @sigstore/verify as it stands', async () => {
    const { bundle } = await signStatement(signer, stageResult(), ARTIFACT);
    const publicKey = () => ({
      publicKey: createPublicKey(worker.publicPem),
      validFor: () => true,
    });
    const none = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
    const thresholds = { tlogThreshold: 0, timestampThreshold: 0, ctlogThreshold: 0 };
    const entity = toSignedEntity(bundleFromJSON(JSON.parse(bundle)));
    const { key } = new Verifier({ ...none, publicKey }, thresholds).verify(entity);
    expect(key.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    const wrong = () => ({ publicKey: createPublicKey(approvals.publicPem), validFor: () => true });
    expect(() => new Verifier({ ...none, publicKey: wrong }, thresholds).verify(entity)).toThrow(/signature/);
  });

  const hasOpenssl =
    spawnSync('openssl', ['version'], { env: { PATH: process.env['PATH'] ?? '' } }).status === 0;
  it.runIf(hasOpenssl)('has a signature that openssl verifies over the DSSE encoding', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-openssl-'));
    const { bundle } = await signStatement(signer, stageResult(), ARTIFACT);
    const { payloadType, signatures } = JSON.parse(bundle).dsseEnvelope;
    const encoded = preAuthEncoding(payloadType, payloadOf(bundle));
    await writeFile(join(folder, 'pub.pem'), signer.publicKey ?? '');
    await writeFile(join(folder, 'sig'), Buffer.from(signatures[0].sig, 'base64'));
    await writeFile(join(folder, 'pae'), encoded);
    await writeFile(join(folder, 'changed'), Buffer.concat([encoded, Buffer.of(32)]));
    const check = (file: string) =>
      spawnSync('openssl', ['dgst', '-sha256', '-verify', 'pub.pem', '-signature', 'sig', file], {
        cwd: folder,
        env: { PATH: process.env['PATH'] ?? '' },
      });
    expect(check('pae').stdout.toString()).toContain('Verified OK');
    expect(check('changed').status).not.toBe(0);
    await rm(folder, { recursive: true });
  });

  it.runIf(hasOpenssl)('can be signed with a key that openssl made', async () => {
    const pem = execFileSync(
      'openssl',
      ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      { env: { PATH: process.env['PATH'] ?? '' }, stdio: ['ignore', 'pipe', 'ignore'] },
    ).toString();
    const other = loadSigner('worker', pem);
    const { bundle } = await signStatement(other, stageResult(), ARTIFACT);
    const { keyId, publicKey } = other;
    const known = { ...trusted(worker, 'worker'), keyId, publicKey };
    expect(createVerifier({ signers: [known] }).verify(bundle).ok).toBe(true);
  });

  it('is the same statement as one signed by hand after the specifications', async () => {
    const { bundle, id } = await signStatement(signer, stageResult(), ARTIFACT);
    const byHand = verifier.verify(forge(worker, { payload: payloadOf(bundle) }));
    expect(byHand.ok && byHand.statement.id).toBe(id);
  });
});
