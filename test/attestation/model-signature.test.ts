import { createHash, createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  readArtifactTrust,
  verifyArtifactSignature,
} from '../../src/attestation/artifact-signature/index.ts';
import type { ArtifactTrustSettings } from '../../src/attestation/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import { preAuthEncoding } from './forge.ts';

const IN_TOTO = 'application/vnd.in-toto+json';
const key = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const publicKey = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const golden = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures/oms-golden', name));
const materialOf = (name: string) => JSON.parse(golden(name).toString()).verificationMaterial;
const goldenKey = () =>
  createPublicKey(Buffer.from(materialOf('elliptic-key.sig').publicKey.rawBytes, 'base64'));
const goldenAuthority = () =>
  new X509Certificate(
    Buffer.from(materialOf('certificate.sig').x509CertificateChain.certificates[1].rawBytes, 'base64'),
  );

function trustIn(settings: Partial<ArtifactTrustSettings>) {
  const nobody = { keys: [], identities: [], certificateAuthorities: [], requireTransparencyLog: false };
  const read = readArtifactTrust({ ...nobody, ...settings });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

function verify(
  signature: Buffer | string,
  bytes: Buffer | null,
  { digest = digestOf(bytes ?? ''), trust = trustIn({ keys: [{ publicKey }] }) } = {},
) {
  const read = (offset: number, length: number) =>
    (bytes ?? Buffer.alloc(0)).subarray(offset, offset + length);
  const artifact = bytes === null ? { digest } : { digest, size: bytes.length, read };
  return verifyArtifactSignature(Buffer.from(signature), {
    artifact,
    trust,
    now: '2026-11-23T10:00:00.000Z',
  });
}

function signed(statement: unknown): string {
  const payload = Buffer.from(JSON.stringify(statement));
  const signature = sign('sha512', preAuthEncoding(IN_TOTO, payload), key.privateKey);
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: {} },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: IN_TOTO,
      signatures: [{ sig: signature.toString('base64'), keyid: '' }],
    },
  });
}

interface Listed {
  readonly name: string;
  readonly algorithm: string;
  readonly digest: string;
}

const hashed = (bytes: Buffer, hash = 'sha256') => createHash(hash).update(bytes).digest('hex');
const rootOf = (resources: readonly Listed[]) =>
  hashed(Buffer.from(resources.map(({ digest }) => digest).join(''), 'hex'));

/** The statement of model_signing 1.0. */
function model(serialization: object, resources: readonly Listed[]) {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'model', digest: { sha256: rootOf(resources) } }],
    predicateType: 'https://model_signing/signature/v1.0',
    predicate: { serialization: { allow_symlinks: false, ...serialization }, resources },
  };
}

/** The shards of files, as model_signing names, hashes and orders them. */
function shardsOf(files: Readonly<Record<string, Buffer>>, size: number, hash = 'sha256'): Listed[] {
  const algorithm = `${hash === 'blake2b512' ? 'blake2b' : hash}-sharded-${size}`;
  return Object.entries(files).flatMap(([path, bytes]) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => {
      const [start, end] = [index * size, Math.min((index + 1) * size, bytes.length)];
      return {
        name: `${path}:${start}:${end}`,
        algorithm,
        digest: hashed(bytes.subarray(start, end), hash),
      };
    }),
  );
}

const shards8 = { method: 'shards', hash_type: 'sha256', shard_size: 8 };

describe('a signature that the reference implementation published', () => {
  const trust = () =>
    trustIn({
      keys: [{ publicKey: goldenKey().export({ type: 'spki', format: 'pem' }).toString() }],
      certificateAuthorities: [goldenAuthority().toString()],
    });
  const keyless = (identity = 'stefanb@us.ibm.com') =>
    trustIn({
      identities: [{ identity, issuer: 'https://sigstore.verify.ibm.com/oauth2' }],
      trustedRoot: JSON.parse(golden('sigstore-trusted-root.json').toString()),
    });

  it.each([
    ['v1.1.0-elliptic-key.sig', 'signme-1\n', 'key'],
    ['v1.1.0-certificate.sig', 'signme-1', 'certificate'],
  ])('counts: %s', (name, text, by) => {
    const bytes = Buffer.from(text);
    expect(verify(golden(name), bytes, { trust: trust() })).toMatchObject({
      ok: true,
      kind: 'model_signing',
      signer: { by },
    });
    expect(verify(golden(name), null, { digest: digestOf(bytes), trust: trust() }).ok).toBe(true);
    expect(verify(golden(name), Buffer.from(`${text}!`), { trust: trust() })).toMatchObject({
      fault: 'other_artifact',
    });
  });

  it('counts: keyless, in the log and with a timestamp of the public instance', () => {
    const bytes = Buffer.from('signme-1');
    expect(verify(golden('v1.1.0-sigstore.sig'), bytes, { trust: keyless() })).toMatchObject({
      ok: true,
      kind: 'model_signing',
      logged: true,
      seenAt: '2025-10-10T02:12:20.000Z',
    });
    expect(
      verify(golden('v1.1.0-sigstore.sig'), bytes, { trust: keyless('stefan@us.ibm.com') }),
    ).toMatchObject({
      fault: 'untrusted',
    });
  });

  it('of 0.2, over the faulty encoding, does not count, and says why', () => {
    const name = 'v0.2.0-certificate.sig';
    expect(verify(golden(name), Buffer.from('signme-1'), { trust: trust() })).toMatchObject({
      fault: 'unsupported',
      message: expect.stringContaining('faulty encoding of model_signing 0.2'),
    });
    const altered = golden(name).toString().replace('"sig": "MGUCMAys', '"sig": "MGUCMAyt');
    expect(verify(altered, Buffer.from('signme-1'), { trust: trust() })).toMatchObject({
      fault: 'bad_signature',
    });
  });
});

describe('a model signature by shards', () => {
  const tree = Object.fromEntries(
    ['d0/f00', 'd0/f01', 'd0/f02', 'd1/f10', 'd1/f11', 'd1/f12', 'f0', 'f1', 'f2', 'f3'].map((path) => {
      const [folder, file] = path.includes('/') ? path.split('/') : ['root', path];
      return [path, Buffer.from(`This is file ${file} in ${folder}.`)];
    }),
  );

  it('counts for each file of the sample model of the reference implementation', () => {
    const resources = shardsOf(tree, 8);
    // The root that its tests expect of this very tree (sample_model_folder_small_shards).
    expect(rootOf(resources)).toBe('2139af57fd2a4f324ac7cd0fc04898cce73d0871b363c8eb3fc07ab7da4c8445');
    const signature = signed(model(shards8, resources));
    for (const bytes of Object.values(tree)) expect(verify(signature, bytes).ok).toBe(true);
  });

  it('counts for a model of one file, as the reference implementation expects it', () => {
    const bytes = Buffer.from('This is a simple model');
    const resources = shardsOf({ '.': bytes }, 8);
    // The root of sample_model_file_small_shards, which writes the size as 8.0.
    expect(rootOf(resources)).toBe('57d54248751a51781ac2bed647670df0c45d3926e337021585c34a82384b6573');
    const signature = signed(model({ ...shards8, hash_type: 'sha256-sharded-8' }, resources));
    expect(verify(signature, bytes).ok).toBe(true);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['a byte longer', (bytes) => Buffer.concat([bytes, Buffer.from('!')])],
    ['a byte shorter', (bytes) => bytes.subarray(0, -1)],
    ['without its last shard', (bytes) => bytes.subarray(0, 16)],
    ['with two shards exchanged', (bytes) => Buffer.concat([bytes.subarray(8, 16), bytes.subarray(0, 8)])],
    [
      'of the first shard of one file and the others of another',
      (bytes) => Buffer.from(`${bytes}`.replace('f0', 'fx')),
    ],
    ['that is empty', () => Buffer.alloc(0)],
  ])('does not count for a file %s', (_, alter) => {
    const signature = signed(model(shards8, shardsOf(tree, 8)));
    expect(verify(signature, alter(tree['f0'] as Buffer))).toMatchObject({ fault: 'other_artifact' });
  });

  it('needs the bytes, and says so of a digest', () => {
    const signature = signed(model(shards8, shardsOf(tree, 8)));
    expect(verify(signature, null, { digest: digestOf(tree['f0'] as Buffer) })).toMatchObject({
      fault: 'unsupported',
      message: expect.stringContaining('give the file, not its digest'),
    });
  });

  it.each([
    ['no shard', 'f0', /path:start:end/],
    ['a gap', 'f0:4:8', /no shard of 8 bytes/],
    ['more than its size', 'f0:0:9', /no shard of 8 bytes/],
    ['nothing', 'f0:8:8', /no shard of 8 bytes/],
    ['another spelling of a number', 'f0:00:8', /no shard of 8 bytes/],
    ['a path outside', '../f0:0:8', /outside/],
  ])('is malformed with %s', (_, name, says) => {
    const [first, ...rest] = shardsOf(tree, 8);
    const resources = [...rest, { ...(first as Listed), name }];
    const result = verify(signed(model(shards8, resources)), tree['f0'] as Buffer);
    expect(result).toMatchObject({ fault: 'malformed', message: expect.stringMatching(says) });
  });

  it('is malformed where two shards begin at one place', () => {
    const resources = shardsOf(tree, 8);
    const twice = [...resources, { ...(resources[0] as Listed), name: 'd0/f00:0:7' }];
    expect(verify(signed(model(shards8, twice)), tree['f0'] as Buffer)).toMatchObject({
      fault: 'malformed',
      message: expect.stringContaining('twice'),
    });
  });
});

describe('a model signature by another hash', () => {
  const bytes = Buffer.from('the bytes of a model');
  const file = { name: 'model.onnx', algorithm: 'blake2b', digest: hashed(bytes, 'blake2b512') };
  const files = { method: 'files', hash_type: 'blake2b' };

  it('counts by BLAKE2b, of files and of shards', () => {
    const shards = shardsOf({ 'model.onnx': bytes }, 7, 'blake2b512');
    const byShards = model({ method: 'shards', hash_type: 'blake2b', shard_size: 7 }, shards);
    for (const statement of [model(files, [file]), byShards]) {
      expect(verify(signed(statement), bytes).ok).toBe(true);
      expect(verify(signed(statement), Buffer.from('others'))).toMatchObject({ fault: 'other_artifact' });
    }
    expect(verify(signed(model(files, [file])), null, { digest: digestOf(bytes) })).toMatchObject({
      fault: 'unsupported',
      message: expect.stringContaining('give the file'),
    });
  });

  it('does not count where the digest is by yet another hash', () => {
    const result = verify(signed(model(files, [{ ...file, algorithm: 'sha256' }])), bytes);
    expect(result).toMatchObject({ fault: 'malformed' });
  });

  it.each(['blake3', 'sha1', '__proto__'])('is not supported by %s', (hash) => {
    const listed = [{ ...file, algorithm: hash, digest: hashed(bytes) }];
    expect(verify(signed(model({ method: 'files', hash_type: hash }, listed)), bytes)).toMatchObject({
      fault: 'unsupported',
      message: expect.stringContaining('supported are sha256 and blake2b'),
    });
  });
});

describe('a model signature of 0.2', () => {
  const bytes = Buffer.from('the bytes of a model');
  const digests = (names: readonly string[], digest: object = { sha256: hashed(bytes) }) =>
    signed({
      _type: 'https://in-toto.io/Statement/v1',
      subject: names.map((name) => ({
        name,
        digest,
        annotations: { actual_hash_algorithm: 'file-sha256' },
      })),
      predicateType: 'https://model_signing/Digests/v0.1',
      predicate: { unused: 'Unused, just passed due to API requirements' },
    });

  it('counts for each of its subjects', () => {
    expect(verify(digests(['a/model.onnx', 'b']), bytes)).toMatchObject({ ok: true, kind: 'model_signing' });
    expect(verify(digests(['b']), null, { digest: digestOf(bytes) }).ok).toBe(true);
    expect(verify(digests(['b']), Buffer.from('others'))).toMatchObject({ fault: 'other_artifact' });
  });

  it.each([
    ['a path outside', digests(['../b'])],
    ['a file twice', digests(['b', 'b'])],
    ['no SHA-256', digests(['b'], { sha512: 'ab' })],
  ])('is malformed with %s', (_, signature) => {
    expect(verify(signature, bytes)).toMatchObject({ fault: 'malformed' });
  });
});
