import { execFileSync } from 'node:child_process';
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  readArtifactTrust,
  verifyArtifactSignature,
} from '../../src/attestation/artifact-signature/index.ts';
import type { ArtifactTrustSettings, SignedArtifact } from '../../src/attestation/index.ts';
import { digestOf } from '../../src/domain/index.ts';
import { preAuthEncoding } from './forge.ts';
import { type SigstoreInstance, startSigstore } from './sigstore-instance.ts';

const NOW = '2026-11-23T10:00:00.000Z';
const MODEL = Buffer.from('the bytes of a model');
const OTHER = Buffer.from('the bytes of another model');
const GOLDEN = join(import.meta.dirname, 'fixtures/oms-golden');
const V03 = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const OMS = 'https://model_signing/signature/v1.0';

const artifactOf = (bytes: Buffer): SignedArtifact => ({
  digest: digestOf(bytes),
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});

function verify(
  signature: string | Uint8Array,
  trust: Partial<ArtifactTrustSettings>,
  { bytes = MODEL, now = NOW }: { bytes?: Buffer; now?: string } = {},
) {
  const read = readArtifactTrust({
    keys: [],
    identities: [],
    certificateAuthorities: [],
    requireTransparencyLog: false,
    ...trust,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return verifyArtifactSignature(Buffer.from(signature), {
    artifact: artifactOf(bytes),
    trust: read.value,
    now,
  });
}

const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const trusting = (...keys: KeyObject[]) => ({ keys: keys.map((one) => ({ publicKey: pemOf(one) })) });
const hex = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function statement(predicateType: string, subject: unknown, predicate: unknown = {}): string {
  return JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate });
}

/** The statement of OpenSSF model signing, as its specification says. */
function modelStatement(
  files: Readonly<Record<string, Buffer>>,
  change: (predicate: Record<string, unknown>) => void = () => {},
): string {
  const resources = Object.entries(files).map(([name, bytes]) => ({
    name,
    algorithm: 'sha256',
    digest: hex(bytes),
  }));
  const predicate = {
    serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false },
    resources,
  };
  const root = hex(Buffer.concat(resources.map(({ digest }) => Buffer.from(digest, 'hex'))));
  change(predicate as unknown as Record<string, unknown>);
  return statement(OMS, [{ name: 'model', digest: { sha256: root } }], predicate);
}

function envelope(
  payload: string | Buffer,
  signer = key.privateKey,
  hash: string | null = 'sha256',
  payloadType = 'application/vnd.in-toto+json',
) {
  const bytes = Buffer.from(payload);
  return {
    mediaType: V03,
    verificationMaterial: { publicKey: { hint: 'a hint' } } as Record<string, unknown>,
    dsseEnvelope: {
      payload: bytes.toString('base64'),
      payloadType,
      signatures: [
        { sig: sign(hash, preAuthEncoding(payloadType, bytes), signer).toString('base64'), keyid: '' },
      ],
    },
  };
}
const dsse = (...args: Parameters<typeof envelope>) => JSON.stringify(envelope(...args));
const message = (bytes: Buffer, signer = key.privateKey) => ({
  mediaType: V03,
  verificationMaterial: { publicKey: { hint: 'a hint' } },
  messageSignature: {
    messageDigest: { algorithm: 'SHA2_256', digest: createHash('sha256').update(bytes).digest('base64') },
    signature: sign('sha256', bytes, signer).toString('base64'),
  },
});

describe('a bare signature', () => {
  it('counts as base64 text and as bytes, by a trusted key', () => {
    const signature = sign('sha256', MODEL, key.privateKey);
    for (const file of [signature, signature.toString('base64'), `${signature.toString('base64')}\n`])
      expect(verify(file, trusting(stranger.publicKey, key.publicKey))).toMatchObject({
        ok: true,
        kind: 'cosign_blob',
      });
  });

  it.each([
    ['P-384, as new cosign hashes', 'ec', { namedCurve: 'P-384' }, 'sha384'],
    ['P-384, as old cosign hashes', 'ec', { namedCurve: 'P-384' }, 'sha256'],
    ['P-521', 'ec', { namedCurve: 'P-521' }, 'sha512'],
    ['RSA', 'rsa', { modulusLength: 2048 }, 'sha256'],
    ['Ed25519', 'ed25519', {}, null],
  ] as const)('may be by %s', (_, type, options, hash) => {
    const pair = generateKeyPairSync(type as 'ec', options as { namedCurve: string });
    const signature = sign(hash, MODEL, pair.privateKey).toString('base64');
    expect(verify(signature, trusting(pair.publicKey)).ok).toBe(true);
    expect(verify(signature, trusting(pair.publicKey), { bytes: OTHER })).toMatchObject({
      ok: false,
      fault: 'untrusted',
    });
  });

  it('by a stranger, of other bytes, or of no signature at all does not count', () => {
    const by = (signer: KeyObject, bytes: Buffer) => sign('sha256', bytes, signer).toString('base64');
    expect(verify(by(stranger.privateKey, MODEL), trusting(key.publicKey))).toMatchObject({
      fault: 'untrusted',
    });
    expect(verify(by(key.privateKey, OTHER), trusting(key.publicKey))).toMatchObject({ fault: 'untrusted' });
    for (const file of ['', 'short', 'x'.repeat(5000), '\0'.repeat(5_000_000)])
      expect(verify(file, trusting(key.publicKey))).toMatchObject({ fault: 'malformed' });
    for (const raw of ['ieee-p1363'] as const) {
      const signature = sign('sha256', MODEL, { key: key.privateKey, dsaEncoding: raw });
      expect(verify(signature, trusting(key.publicKey)).ok).toBe(false);
    }
  });

  it('counts only while its key is valid', () => {
    const signature = sign('sha256', MODEL, key.privateKey);
    const keys = [
      {
        publicKey: pemOf(key.publicKey),
        validFrom: '2026-01-01T00:00:00.000Z',
        validUntil: '2026-11-01T00:00:00.000Z',
      },
    ];
    expect(verify(signature, { keys })).toMatchObject({ fault: 'key_not_valid' });
    expect(verify(signature, { keys }, { now: '2026-10-01T00:00:00.000Z' }).ok).toBe(true);
    expect(verify(signature, { keys }, { now: '2025-10-01T00:00:00.000Z' })).toMatchObject({
      fault: 'key_not_valid',
    });
  });

  it('is accepted as openssl makes it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-openssl-'));
    const openssl = (...args: string[]) =>
      execFileSync('openssl', args, {
        cwd: folder,
        env: { PATH: process.env['PATH'] ?? '' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    writeFileSync(join(folder, 'model'), MODEL);
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'key.pem');
    openssl('pkey', '-in', 'key.pem', '-pubout', '-out', 'pub.pem');
    openssl('dgst', '-sha256', '-sign', 'key.pem', '-out', 'model.sig', 'model');
    const publicKey = readFileSync(join(folder, 'pub.pem'), 'utf8');
    expect(verify(readFileSync(join(folder, 'model.sig')), { keys: [{ publicKey }] }).ok).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describe('a Sigstore bundle by a key', () => {
  it('counts over the bytes', () => {
    expect(verify(JSON.stringify(message(MODEL)), trusting(key.publicKey))).toMatchObject({
      ok: true,
      kind: 'sigstore_message',
    });
    expect(verify(JSON.stringify(message(OTHER)), trusting(key.publicKey))).toMatchObject({
      fault: 'other_artifact',
    });
    expect(
      verify(JSON.stringify(message(MODEL, stranger.privateKey)), trusting(key.publicKey)),
    ).toMatchObject({ fault: 'untrusted' });
  });

  it('does not count with the digest of these bytes over the signature of others', () => {
    const bundle = message(OTHER);
    bundle.messageSignature.messageDigest.digest = createHash('sha256').update(MODEL).digest('base64');
    expect(verify(JSON.stringify(bundle), trusting(key.publicKey)).ok).toBe(false);
  });

  it('counts as an in-toto statement that signs', () => {
    const about = (bytes: Buffer) => [
      { digest: { sha256: hex(OTHER) } },
      { name: 'x', digest: { sha256: hex(bytes) } },
    ];
    const kind = 'https://slsa.dev/provenance/v1';
    expect(verify(dsse(statement(kind, about(MODEL))), trusting(key.publicKey))).toMatchObject({
      ok: true,
      kind: 'in_toto',
    });
    expect(
      verify(dsse(statement(kind, about(MODEL)), key.privateKey), trusting(stranger.publicKey)),
    ).toMatchObject({ fault: 'untrusted' });
    expect(verify(dsse(statement(kind, about(OTHER))), trusting(key.publicKey))).toMatchObject({
      fault: 'other_artifact',
    });
    expect(
      verify(
        dsse(statement(kind, [{ digest: { sha256: hex(MODEL).toUpperCase() } }])),
        trusting(key.publicKey),
      ).ok,
    ).toBe(false);
  });

  it('does not count as a statement that says something else about the artifact', () => {
    const subject = [{ digest: { sha256: hex(MODEL) } }];
    const rejected = statement('https://countersign.dev/approval-decision/v1', subject, {
      decision: 'rejected',
    });
    expect(verify(dsse(rejected), trusting(key.publicKey))).toMatchObject({ fault: 'wrong_kind' });
    const type = 'application/json';
    expect(
      verify(dsse(statement(OMS, subject), key.privateKey, 'sha256', type), trusting(key.publicKey)),
    ).toMatchObject({ fault: 'wrong_kind' });
  });

  it('does not count by a key or hint that it brings with it', () => {
    const bundle = envelope(
      statement('https://slsa.dev/provenance/v1', [{ digest: { sha256: hex(MODEL) } }]),
      stranger.privateKey,
    );
    for (const publicKey of [
      {
        rawBytes: Buffer.from(pemOf(stranger.publicKey)).toString('base64'),
        keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      },
      { hint: '__proto__' },
      { hint: 'constructor' },
    ]) {
      bundle.verificationMaterial = { publicKey };
      expect(verify(JSON.stringify(bundle), trusting(key.publicKey))).toMatchObject({
        ok: false,
        fault: 'untrusted',
      });
    }
  });

  const good = () =>
    envelope(statement('https://slsa.dev/provenance/v1', [{ digest: { sha256: hex(MODEL) } }]));
  it.each([
    ['another media type', { ...good(), mediaType: `${V03}; x` }],
    ['version 9.9', { ...good(), mediaType: 'application/vnd.dev.sigstore.bundle.v9.9+json' }],
    ['an unknown member', { ...good(), extra: 1 }],
    ['two contents', { ...good(), messageSignature: message(MODEL).messageSignature }],
    ['no content', { ...good(), dsseEnvelope: undefined }],
    [
      'two kinds of key',
      { ...good(), verificationMaterial: { publicKey: { hint: 'x' }, certificate: { rawBytes: 'AAAA' } } },
    ],
    ['no key', { ...good(), verificationMaterial: {} }],
    ['an unreadable certificate', { ...good(), verificationMaterial: { certificate: { rawBytes: 'AAAA' } } }],
    [
      'two signatures',
      {
        ...good(),
        dsseEnvelope: {
          ...good().dsseEnvelope,
          signatures: [...good().dsseEnvelope.signatures, ...good().dsseEnvelope.signatures],
        },
      },
    ],
    ['null', null],
  ])('is refused with %s', (_, bundle) => {
    expect(verify(JSON.stringify(bundle), trusting(key.publicKey))).toMatchObject({ ok: false });
  });

  it('is refused where two readers could read it differently', () => {
    const twice = JSON.stringify(good()).replace('{', '{"mediaType":"x",');
    expect(verify(twice, trusting(key.publicKey))).toMatchObject({ fault: 'malformed' });
    const subject = `"subject":[{"digest":{"sha256":"${hex(MODEL)}"}}]`;
    const two = `{"_type":"https://in-toto.io/Statement/v1",${subject.replace(hex(MODEL), hex(OTHER))},${subject},"predicateType":"https://slsa.dev/provenance/v1"}`;
    expect(verify(dsse(two), trusting(key.publicKey))).toMatchObject({ fault: 'malformed' });
    const good1 = statement('https://slsa.dev/provenance/v1', [{ digest: { sha256: hex(MODEL) } }]);
    expect(verify(dsse(`\ufeff${good1}`), trusting(key.publicKey))).toMatchObject({ fault: 'malformed' });
    expect(
      verify(dsse(Buffer.concat([Buffer.from(good1), Buffer.of(0xff)])), trusting(key.publicKey)),
    ).toMatchObject({ fault: 'malformed' });
    expect(verify(dsse('['.repeat(100_000)), trusting(key.publicKey))).toMatchObject({ fault: 'malformed' });
  });
});

/** A certificate of an authority with the name of the golden's, and another key. */
function selfSigned(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-openssl-'));
  const arguments_ = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    '/dev/null',
  ];
  const pem = execFileSync('openssl', [...arguments_, '-subj', '/CN=intermediate-ca', '-days', '3650'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
  rmSync(folder, { recursive: true });
  return pem;
}

describe('an OpenSSF model signature', () => {
  const golden = (name: string) => readFileSync(join(GOLDEN, name));
  const goldenPem = () => {
    const { publicKey } = JSON.parse(golden('elliptic-key.sig').toString()).verificationMaterial;
    return pemOf(createPublicKey(Buffer.from(publicKey.rawBytes, 'base64')));
  };
  const chain = (): X509Certificate[] =>
    JSON.parse(
      golden('certificate.sig').toString(),
    ).verificationMaterial.x509CertificateChain.certificates.map(
      ({ rawBytes }: { rawBytes: string }) => new X509Certificate(Buffer.from(rawBytes, 'base64')),
    );

  it('by the reference implementation counts: P-384, one file', () => {
    const keys = [{ publicKey: goldenPem() }];
    const bytes = golden('signme-1');
    expect(verify(golden('elliptic-key.sig'), { keys }, { bytes })).toMatchObject({
      ok: true,
      kind: 'model_signing',
    });
    expect(verify(golden('elliptic-key.sig'), { keys })).toMatchObject({ fault: 'other_artifact' });
    expect(verify(golden('elliptic-key.sig'), trusting(key.publicKey), { bytes })).toMatchObject({
      fault: 'untrusted',
    });
  });

  it('by the reference implementation counts: a certificate chain, a file of several', () => {
    const [leaf, intermediate] = chain();
    const certificateAuthorities = [String(intermediate)];
    const bytes = golden('signme-1');
    // The files of this one end without a line feed.
    for (const file of ['signme-1', 'signme-2']) {
      expect(
        verify(golden('certificate.sig'), { certificateAuthorities }, { bytes: Buffer.from(file) }),
      ).toMatchObject({
        ok: true,
        kind: 'model_signing',
        signer: { by: 'certificate', subject: 'CN=intermediate-ca' },
      });
    }
    expect(
      verify(
        golden('certificate.sig'),
        { certificateAuthorities: [selfSigned()] },
        { bytes: Buffer.from('signme-1') },
      ),
    ).toMatchObject({
      fault: 'untrusted',
    });
    expect(verify(golden('certificate.sig'), { certificateAuthorities }, { bytes })).toMatchObject({
      fault: 'other_artifact',
    });
    expect(
      verify(
        golden('certificate.sig'),
        { certificateAuthorities },
        { bytes, now: '2036-01-01T00:00:00.000Z' },
      ),
    ).toMatchObject({ fault: 'key_not_valid' });
    expect(verify(golden('certificate.sig'), trusting(key.publicKey), { bytes })).toMatchObject({
      fault: 'untrusted',
    });
    expect(
      readArtifactTrust({
        keys: [],
        identities: [],
        certificateAuthorities: [String(leaf)],
        requireTransparencyLog: false,
      }).ok,
    ).toBe(false);
  });

  it('counts for one file of a model of several', () => {
    const files = { 'config.json': OTHER, 'weights/model.onnx': MODEL };
    expect(verify(dsse(modelStatement(files)), trusting(key.publicKey))).toMatchObject({
      ok: true,
      kind: 'model_signing',
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'a root that is not that of its resources',
      modelStatement({ '.': MODEL }).replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${hex(MODEL)}"`),
      /root/,
    ],
    ['another file', modelStatement({ '.': OTHER }), /none of the 1 files/],
    ['a path outside', modelStatement({ '../model.onnx': MODEL }), /outside/],
    ['an absolute path', modelStatement({ '/model.onnx': MODEL }), /outside/],
    ['a path with an empty part', modelStatement({ 'a//b': MODEL }), /outside/],
    [
      'another hash',
      modelStatement({ '.': MODEL }, (p) =>
        Object.assign(p['serialization'] as object, { hash_type: 'blake3' }),
      ),
      /supported/,
    ],
    [
      'shards of no size',
      modelStatement({ '.:0:20': MODEL }, (p) =>
        Object.assign(p['serialization'] as object, { method: 'shards' }),
      ),
      /shard_size/,
    ],
    ['no resources', modelStatement({}), /resources/],
  ])('does not count with %s', (_, payload, says) => {
    const result = verify(dsse(payload), trusting(key.publicKey));
    expect(result.ok ? '' : result.message).toMatch(says);
  });

  it('of the buggy encoding of old versions does not count', () => {
    const payload = Buffer.from(modelStatement({ '.': MODEL }));
    const bundle = envelope(payload);
    const buggy = Buffer.from(`DSSEV1 28 application/vnd.in-toto+json ${payload.length} b'${payload}'`);
    for (const one of bundle.dsseEnvelope.signatures)
      one.sig = sign('sha256', buggy, key.privateKey).toString('base64');
    expect(verify(JSON.stringify(bundle), trusting(key.publicKey))).toMatchObject({ fault: 'unsupported' });
  });
});

describe('a keyless signature', () => {
  let sigstore: SigstoreInstance;
  let other: SigstoreInstance;
  beforeAll(async () => {
    [sigstore, other] = await Promise.all([startSigstore(), startSigstore()]);
  });
  afterAll(() => {
    sigstore.close();
    other.close();
  });
  const settings = () => ({ trustedRoot: sigstore.trustedRoot, identities: [sigstore.identity] });
  /** Loose JSON of a bundle, to be bent. */
  const bent = (bundle: string, bend: (json: Record<string, Record<string, never>>) => void) => {
    const json = JSON.parse(bundle);
    bend(json);
    return JSON.stringify(json);
  };

  it('counts over the bytes, as a statement and as a model signature', async () => {
    expect(verify(await sigstore.signMessage(MODEL), settings())).toMatchObject({
      ok: true,
      kind: 'sigstore_message',
      logged: true,
      signer: { by: 'identity', ...sigstore.identity },
    });
    const signed = await sigstore.signStatement(Buffer.from(modelStatement({ '.': MODEL })));
    expect(verify(signed, settings())).toMatchObject({ ok: true, kind: 'model_signing' });
    expect(verify(signed, settings(), { bytes: OTHER })).toMatchObject({ fault: 'other_artifact' });
  });

  it('does not count by another instance, for another identity, or where nobody is named', async () => {
    const bundle = await sigstore.signMessage(MODEL);
    const { identity } = sigstore;
    expect(verify(await other.signMessage(MODEL), settings()).ok).toBe(false);
    for (const identities of [
      [{ ...identity, identity: `${identity.identity}x` }],
      [{ ...identity, identity: '.*' }],
      [{ ...identity, issuer: 'https://other.example' }],
    ])
      expect(verify(bundle, { ...settings(), identities })).toMatchObject({ fault: 'untrusted' });
    expect(verify(bundle, trusting(key.publicKey))).toMatchObject({ fault: 'untrusted' });
    expect(verify(bundle, { ...settings(), identities: [] })).toMatchObject({ fault: 'untrusted' });
  });

  it('does not count without its log entry, or with that of another signature', async () => {
    const [bundle, second] = [await sigstore.signMessage(MODEL), await sigstore.signMessage(OTHER)];
    const entries = JSON.parse(second).verificationMaterial.tlogEntries;
    const swapped = bent(bundle, (json) =>
      Object.assign(json['verificationMaterial'] as object, { tlogEntries: entries }),
    );
    const without = bent(bundle, (json) =>
      Object.assign(json['verificationMaterial'] as object, { tlogEntries: [] }),
    );
    expect(verify(swapped, settings())).toMatchObject({ ok: false });
    expect(verify(without, settings())).toMatchObject({ fault: 'not_logged' });
    const broken = bent(bundle, (json) =>
      Object.assign(json['verificationMaterial'] as object, { tlogEntries: [{ logIndex: '__proto__' }] }),
    );
    expect(verify(broken, settings()).ok).toBe(false);
  });

  it('of a root without a start of validity is refused', () => {
    const root = JSON.parse(JSON.stringify(sigstore.trustedRoot));
    delete root.tlogs[0].publicKey.validFor.start;
    expect(
      readArtifactTrust({
        keys: [],
        certificateAuthorities: [],
        requireTransparencyLog: false,
        ...settings(),
        trustedRoot: root,
      }).ok,
    ).toBe(false);
  });

  it('by a key must be in the log where that is asked for', () => {
    const trust = {
      ...trusting(key.publicKey),
      trustedRoot: sigstore.trustedRoot,
      requireTransparencyLog: true,
    };
    expect(verify(sign('sha256', MODEL, key.privateKey), trust)).toMatchObject({ fault: 'not_logged' });
    expect(verify(JSON.stringify(message(MODEL)), trust)).toMatchObject({ fault: 'not_logged' });
  });
});

describe('trust', () => {
  it.each([
    ['a short RSA key', () => pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)],
    [
      'a curve of no signature',
      () => pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
    ],
    ['a private key', () => key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['text', () => 'a key'],
  ])('refuses %s', (_, publicKey) => {
    const read = readArtifactTrust({
      keys: [{ publicKey: publicKey() }],
      identities: [],
      certificateAuthorities: [],
      requireTransparencyLog: false,
    });
    expect(read.ok).toBe(false);
  });
});
