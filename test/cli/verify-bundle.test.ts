import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import {
  createInstance,
  IDENTITY,
  type Instance,
  ISSUER,
  keySigner,
  logEntry,
  messageBundle,
  statementAbout,
  statementBundle,
} from '../attestation/conformance/instance.ts';
import { runHere } from './run-here.ts';

const MODEL = Buffer.from('the bytes of a model');
let folder: string;
let sigstore: Instance;
const at = (name: string) => join(folder, name);
const put = (name: string, content: string | Uint8Array) => writeFile(at(name), content);
const key = keySigner();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-verify-bundle-'));
  sigstore = await createInstance(new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000));
  const signer = await sigstore.certify();
  const keyless = messageBundle(signer, MODEL);
  keyless.verificationMaterial.tlogEntries = [
    logEntry(sigstore.rekor, keyless, signer, { at: sigstore.later(2) }),
  ];
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await Promise.all([
    put('model', MODEL),
    put('other', 'the bytes of another model'),
    put('key.pub', key.publicPem),
    put('stranger.pub', stranger.publicKey.export({ type: 'spki', format: 'pem' })),
    put('root.json', JSON.stringify(sigstore.trustedRoot())),
    put('keyless.json', JSON.stringify(keyless)),
    put('message.json', JSON.stringify(messageBundle(key, MODEL))),
    put('statement.json', JSON.stringify(statementBundle(key, statementAbout(MODEL)))),
    put('bare.sig', sign('sha256', MODEL, key.privateKey).toString('base64')),
  ]);
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: string[]) => runHere(['verify-bundle', ...args]);
const byKey = (bundle: string, artifact: string, ...more: string[]) =>
  run('--bundle', at(bundle), '--key', at('key.pub'), ...more, artifact);
const keyless = (identity: string, issuer: string, artifact: string, ...more: string[]) =>
  run(
    '--bundle',
    at('keyless.json'),
    '--certificate-identity',
    identity,
    '--certificate-oidc-issuer',
    issuer,
    '--trusted-root',
    at('root.json'),
    ...more,
    artifact,
  );

describe('countersign verify-bundle', () => {
  it('verifies a published model signature by the authority of its certificates, and by no other', async () => {
    const golden = join(import.meta.dirname, '../attestation/fixtures/oms-golden/v1.1.0-certificate.sig');
    const { certificates } = JSON.parse(await readFile(golden, 'utf8')).verificationMaterial
      .x509CertificateChain;
    const authority = new X509Certificate(Buffer.from(certificates[1].rawBytes, 'base64')).toString();
    await Promise.all([put('ca.pem', authority), put('signme-1', 'signme-1')]);
    const by = (file: string, artifact: string) =>
      run('--bundle', golden, '--certificate-authority', file, artifact, '--json');
    const ended = await by(at('ca.pem'), at('signme-1'));
    expect(JSON.parse(ended.stdout)).toMatchObject({ verified: true, kind: 'model_signing' });
    expect(await by(at('ca.pem'), at('other'))).toMatchObject({ status: 1 });
    const noAuthority = await by(at('key.pub'), at('signme-1'));
    expect(noAuthority.status).toBe(2);
    expect(noAuthority.stderr).toContain('--certificate-authority');
    const both = await byKey('message.json', at('model'), '--certificate-authority', at('ca.pem'));
    expect(both.stderr).toContain('both a key and an authority are named');
  });

  it('says who signed, of a file and of a digest', async () => {
    for (const artifact of [at('model'), digestOf(MODEL)]) {
      const ended = await byKey('message.json', artifact);
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      expect(ended.stdout).toContain(`verified  ${digestOf(MODEL)}`);
      expect(await byKey('statement.json', artifact)).toMatchObject({ status: 0 });
      const keylessly = await keyless(IDENTITY, ISSUER, artifact, '--json');
      expect(keylessly.status).toBe(0);
      expect(JSON.parse(keylessly.stdout)).toEqual({
        verified: true,
        artifact: digestOf(MODEL),
        kind: 'sigstore_message',
        signer: { by: 'identity', identity: IDENTITY, issuer: ISSUER },
        logged: true,
        seenAt: sigstore.later(2).toISOString(),
      });
    }
  });

  it('says what is wrong, with a fault that stays', async () => {
    const faultOf = async (ended: ReturnType<typeof run>) => {
      const { status, stdout } = await ended;
      const { verified, fault } = JSON.parse(stdout);
      expect({ status, verified }).toEqual({ status: 1, verified: false });
      return fault;
    };
    expect(await faultOf(byKey('message.json', at('other'), '--json'))).toBe('other_artifact');
    expect(await faultOf(byKey('message.json', digestOf('other'), '--json'))).toBe('other_artifact');
    expect(await faultOf(byKey('bare.sig', at('model'), '--json'))).toBe('malformed');
    expect(
      await faultOf(
        byKey('statement.json', at('model'), '--json', '--type', 'https://slsa.dev/provenance/v1'),
      ),
    ).toBe('wrong_kind');
    expect(
      await faultOf(run('--bundle', at('message.json'), '--key', at('stranger.pub'), '--json', at('model'))),
    ).toBe('untrusted');
    expect(
      await faultOf(
        byKey('message.json', at('model'), '--json', '--key-valid-until', '2020-01-01T00:00:00Z'),
      ),
    ).toBe('key_not_valid');
    // An identity is a text, not a pattern, and not the beginning of one.
    for (const identity of ['.*', IDENTITY.slice(0, -1), `${IDENTITY}x`, IDENTITY.toUpperCase()])
      expect(await faultOf(keyless(identity, ISSUER, at('model'), '--json'))).toBe('untrusted');
    expect(await faultOf(keyless(IDENTITY, `${ISSUER}/`, at('model'), '--json'))).toBe('untrusted');
    expect((await byKey('message.json', at('other'))).stdout).toContain(
      'other_artifact: it is of other bytes',
    );
  });

  it('passes over no log entry or timestamp in silence where there is no trusted root', async () => {
    const message = () => messageBundle(key, MODEL);
    for (const proofs of [
      { tlogEntries: [{ garbage: true }] },
      { timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: 'AAAA' }] } },
    ]) {
      const bundle = message();
      Object.assign(bundle.verificationMaterial, proofs);
      await put('garbage.json', JSON.stringify(bundle));
      const { status, stdout } = await byKey('garbage.json', at('model'));
      expect([status, stdout]).toEqual([1, expect.stringContaining('malformed')]);
    }
    const logged = message();
    logged.verificationMaterial.tlogEntries = [
      logEntry(sigstore.rekor, logged, key, { at: sigstore.later(2) }),
    ];
    await put('logged.json', JSON.stringify(logged));
    const unchecked = await byKey('logged.json', at('model'));
    expect([unchecked.status, unchecked.stdout]).toEqual([
      0,
      expect.stringMatching(/in a log +not checked: give --trusted-root/),
    ]);
    const json = JSON.parse((await byKey('logged.json', at('model'), '--json')).stdout);
    expect(json).toMatchObject({ verified: true, logged: false, unchecked: true });
    const checked = await byKey('logged.json', at('model'), '--trusted-root', at('root.json'));
    expect(checked.stdout).toMatch(/in a log +yes/);
  });

  it('tells every wrong use at once, and verifies nothing then', async () => {
    const nothing = await run(at('model'));
    expect(nothing).toMatchObject({ status: 2, stdout: '' });
    for (const flag of ['--bundle', '--key']) expect(nothing.stderr).toContain(flag);
    const both = await keyless(IDENTITY, ISSUER, at('model'), '--key', at('key.pub'));
    expect(both).toMatchObject({ status: 2 });
    expect(both.stderr).toContain('both a key and an identity');
    const half = await run('--bundle', at('keyless.json'), '--certificate-identity', IDENTITY, at('model'));
    expect(half.status).toBe(2);
    for (const flag of ['--certificate-oidc-issuer', '--trusted-root']) expect(half.stderr).toContain(flag);
    const missing = await run('--bundle', at('none'), '--key', at('model'), at('nothing'));
    expect(missing.status).toBe(2);
    for (const part of [at('none'), '--key', at('nothing')]) expect(missing.stderr).toContain(part);
  });

  it('says what a digest and a trusted root look like', async () => {
    for (const digest of ['sha256:ABC', `sha256:${'A'.repeat(64)}`, `SHA256:${'a'.repeat(64)}`]) {
      const { status, stderr } = await run('--bundle', at('message.json'), '--key', at('key.pub'), digest);
      expect(status).toBe(2);
      expect(stderr).toContain(
        `${digest}: is no digest, and no file: a digest is sha256: and 64 lower-case hex`,
      );
    }
    const options = ['--certificate-identity', IDENTITY, '--certificate-oidc-issuer', ISSUER];
    const pem = await run(
      '--bundle',
      at('keyless.json'),
      ...options,
      '--trusted-root',
      at('key.pub'),
      at('model'),
    );
    expect(pem.status).toBe(2);
    expect(pem.stderr).toContain(`--trusted-root ${at('key.pub')}: is PEM, and no trusted_root.json`);
  });

  it('is driven by the client protocol of sigstore-conformance', () => {
    const script = join(import.meta.dirname, '../../scripts/sigstore-conformance.ts');
    const drive = (...args: string[]) =>
      spawnSync(process.execPath, [script, ...args], {
        env: { PATH: process.env['PATH'] ?? '', SIGSTORE_STAGING_TRUSTED_ROOT: at('root.json') },
      }).status;
    const options = [
      '--bundle',
      at('keyless.json'),
      '--certificate-identity',
      IDENTITY,
      '--certificate-oidc-issuer',
    ];
    expect(drive('verify-bundle', '--staging', ...options, ISSUER, at('model'))).toBe(0);
    expect(drive('verify-bundle', ...options, ISSUER, '--trusted-root', at('root.json'), at('other'))).toBe(
      1,
    );
    expect(drive('verify-bundle', ...options, ISSUER, at('model'))).toBe(2);
  });
});
