import { createSign, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createVerifier,
  loadSigner,
  type SignedStatement,
  signStatement,
} from '../../src/attestation/index.ts';
import { CountersignError, digestOf, type StatementFailure } from '../../src/domain/index.ts';
import { canonicalJson, sha256Hex } from '../../src/lib/index.ts';
import { forge, keyOf, payloadOf, preAuthEncoding, statementBytes, testKey, trusted } from './forge.ts';
import { ARTIFACT, OTHER, stageResult } from './said.ts';

const worker = testKey();
const approvals = testKey();
const stranger = testKey();
const verifier = createVerifier({ signers: [trusted(worker, 'worker'), trusted(approvals, 'approvals')] });

const TYPE = 'https://countersign.dev/stage-result/v1';
const DIGESTS = [ARTIFACT.digest, ...ARTIFACT.equivalents.map(({ digest }) => digest)];
const good = statementBytes(TYPE, stageResult().body, DIGESTS);

let signed: SignedStatement;
beforeAll(async () => {
  signed = await signStatement(loadSigner('worker', worker.privatePem), stageResult(), ARTIFACT);
});

type Json = ReturnType<typeof JSON.parse>;

/** A good bundle with something about it changed. */
function changed(change: (bundle: Json) => unknown): string {
  const bundle: Json = JSON.parse(signed.bundle);
  return JSON.stringify(change(bundle) ?? bundle);
}

function expectFailure(
  bundle: string,
  code: StatementFailure,
  id: string | null | undefined = undefined,
): void {
  const result = verifier.verify(bundle);
  if (result.ok) throw new Error('expected a failure, but the bundle verified');
  expect(result.failure.code, result.failure.message).toBe(code);
  expect(result.failure.message).not.toBe('');
  if (id !== undefined) expect(result.failure.id).toBe(id);
}

it('builds its forgeries right: an unchanged one verifies', () => {
  const result = verifier.verify(forge(worker, { payload: good }));
  expect(result.ok && result.statement).toEqual(signed.statement);
});

describe('the shape of a bundle', () => {
  it.each(['', 'null', '[]', '0', '"bundle"', '{', '{}', 'bundle', '\u0000'])('refuses %j', (text) =>
    expectFailure(text, 'malformed_bundle', null),
  );

  it('refuses a truncated bundle, wherever it is cut', () => {
    for (let length = 0; length < signed.bundle.length; length += 7)
      expectFailure(signed.bundle.slice(0, length), 'malformed_bundle');
  });

  it('refuses a bundle too large to be one, and one nested without end', () => {
    expectFailure(`"${'x'.repeat(9 * 1024 * 1024)}"`, 'malformed_bundle');
    const deep = `${'{"dsseEnvelope":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    expectFailure(deep, 'malformed_bundle');
    expectFailure('['.repeat(100_000), 'malformed_bundle');
  });

  it.each([
    'application/vnd.dev.sigstore.bundle+json;version=9.9',
    'application/vnd.dev.sigstore.bundle+json;version=0.3 or so',
    'application/vnd.dev.sigstore.bundle.v0.3+json; charset=utf-8',
    'application/vnd.dev.sigstore.bundle.v9.9+json',
    'APPLICATION/VND.DEV.SIGSTORE.BUNDLE.V0.3+JSON',
    'application/json',
    '',
    3,
    null,
  ])('refuses the media type %j (AT16)', (mediaType) => {
    expectFailure(
      changed((bundle) => ({ ...bundle, mediaType })),
      'malformed_bundle',
      signed.id,
    );
  });

  it.each([
    'application/vnd.dev.sigstore.bundle+json;version=0.1',
    'application/vnd.dev.sigstore.bundle+json;version=0.2',
    'application/vnd.dev.sigstore.bundle+json;version=0.3',
    'application/vnd.dev.sigstore.bundle.v0.3+json',
  ])('reads the media type %s', (mediaType) => {
    expect(verifier.verify(changed((bundle) => ({ ...bundle, mediaType }))).ok).toBe(true);
  });

  const certificate = { rawBytes: 'MIIB' };
  it.each<[string, (bundle: Json) => unknown]>([
    [
      'both kinds of content (AT16)',
      (b) => ({ ...b, messageSignature: { messageDigest: {}, signature: 'aa' } }),
    ],
    ['a message signature instead', ({ dsseEnvelope: _, ...b }) => ({ ...b, messageSignature: {} })],
    ['no content', ({ dsseEnvelope: _, ...b }) => b],
    [
      'a certificate chain beside the key (AT16)',
      (b) => {
        b.verificationMaterial.x509CertificateChain = { certificates: [certificate] };
      },
    ],
    [
      'a certificate instead of a key',
      (b) => {
        b.verificationMaterial = { certificate };
      },
    ],
    [
      'the key itself (AT09)',
      (b) => {
        b.verificationMaterial.publicKey.rawBytes = worker.publicPem;
      },
    ],
    ['no verification material', ({ verificationMaterial: _, ...b }) => b],
    [
      'no hint',
      (b) => {
        b.verificationMaterial.publicKey = {};
      },
    ],
    [
      'an empty hint (AT09)',
      (b) => {
        b.verificationMaterial.publicKey.hint = '';
      },
    ],
    [
      'a log entry that nobody checks',
      (b) => {
        b.verificationMaterial.tlogEntries = [{ logIndex: '1' }];
      },
    ],
    [
      'a timestamp that nobody checks',
      (b) => {
        b.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp: 'aa' }] };
      },
    ],
    [
      'no signature',
      (b) => {
        b.dsseEnvelope.signatures = [];
      },
    ],
    [
      'two signatures',
      (b) => {
        b.dsseEnvelope.signatures.push(b.dsseEnvelope.signatures[0]);
      },
    ],
    [
      'an empty signature',
      (b) => {
        b.dsseEnvelope.signatures[0].sig = '';
      },
    ],
    ['an unknown member', (b) => ({ ...b, note: 1 })],
    [
      'an unknown member of the envelope',
      (b) => {
        b.dsseEnvelope.note = 1;
      },
    ],
    ['a member of every object', (b) => ({ ...b, constructor: 1 })],
    [
      'no payload',
      (b) => {
        b.dsseEnvelope.payload = '';
      },
    ],
    [
      'a payload that is not base64',
      (b) => {
        b.dsseEnvelope.payload = `${b.dsseEnvelope.payload.slice(0, 8)}*${b.dsseEnvelope.payload.slice(8)}`;
      },
    ],
    [
      'white space in the signature',
      (b) => {
        b.dsseEnvelope.signatures[0].sig = ` ${b.dsseEnvelope.signatures[0].sig}`;
      },
    ],
    [
      'another payload type (AT08)',
      (b) => {
        b.dsseEnvelope.payloadType = 'application/vnd.in-toto+json ';
      },
    ],
  ])('refuses a bundle with %s', (_what, change) => expectFailure(changed(change), 'malformed_bundle'));

  it('refuses a member named __proto__', () => {
    const text = signed.bundle.replace('{"dsseEnvelope"', '{"__proto__":{"x":1},"dsseEnvelope"');
    expectFailure(text, 'malformed_bundle', signed.id);
  });

  it('refuses any other payload type, signed as such (AT08)', () => {
    for (const payloadType of ['application/json', 'application/vnd.in-toto.stage-result+json', 'x'])
      expectFailure(forge(worker, { payload: good, payloadType }), 'malformed_bundle', signed.id);
  });

  it('never throws, whatever the text', () => {
    const anyJson = fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((json) => signed.bundle.replace(/"hint":"[^"]*"/, `"hint":${json}`)),
    );
    fc.assert(
      fc.property(anyJson, (text) => verifier.verify(text).ok === false),
      { numRuns: 300 },
    );
  });
});

describe('the key', () => {
  it('is found in the policy or nowhere (AT09)', () => {
    const payload = good;
    expectFailure(forge(stranger, { payload }), 'unknown_key', signed.id);
    for (const hint of [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'worker',
      worker.publicPem.slice(0, 200),
    ])
      expectFailure(forge(worker, { payload, hint }), 'unknown_key', signed.id);
  });

  it('is never tried because another might fit (AT09)', () => {
    expectFailure(forge(worker, { payload: good, hint: approvals.keyId }), 'bad_signature', signed.id);
    expectFailure(forge(stranger, { payload: good, hint: worker.keyId }), 'bad_signature', signed.id);
  });

  it('is the hinted one, whatever keyid the envelope claims', () => {
    const result = verifier.verify(
      changed((bundle) => {
        bundle.dsseEnvelope.signatures[0].keyid = approvals.keyId;
      }),
    );
    expect(result.ok && result.statement.keyId).toBe(worker.keyId);
  });

  it('says who signed, also where that signer may not sign such a thing: the judge decides', () => {
    const result = verifier.verify(forge(approvals, { payload: good }));
    expect(result.ok && result.statement.keyId).toBe(approvals.keyId);
  });

  it.each<[string, () => KeyObject]>([
    ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['secp256k1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
    ['Ed25519', () => generateKeyPairSync('ed25519').privateKey],
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ])('may not be %s in a policy, nor sign (AT10)', (_kind, make) => {
    const key = keyOf(make());
    expect(() => createVerifier({ signers: [trusted(key, 'worker')] })).toThrow(/P-256/);
    expect(() => loadSigner('worker', key.privatePem)).toThrow(/P-256/);
  });

  it('is refused in a policy, every bad one named at once', () => {
    const wrongId = { ...trusted(worker, 'worker'), keyId: approvals.keyId };
    const secret = { ...trusted(worker, 'ledger'), publicKey: worker.privatePem };
    const broken = { ...trusted(worker, 'approvals'), publicKey: 'no key' };
    const error = caught(() =>
      createVerifier({ signers: [wrongId, secret, trusted(worker, 'worker'), broken] }),
    );
    expect(error.code).toBe('invalid_input');
    expect(error.problems.map(({ where }) => where)).toEqual([
      'signers[0] (worker)',
      'signers[1] (ledger)',
      'signers[3] (approvals)',
    ]);
    expect(JSON.stringify([error.message, error.problems])).not.toContain(worker.privatePem.split('\n')[1]);
  });

  it('opens nothing when the policy has no signers', () => {
    const result = createVerifier({ signers: [] }).verify(signed.bundle);
    expect(result.ok || result.failure.code).toBe('unknown_key');
  });
});

describe('the signature', () => {
  it('is over every byte of the payload', () => {
    const payload = payloadOf(signed.bundle);
    for (let index = 0; index < payload.length; index++) {
      const tampered = Buffer.from(payload);
      tampered[index] = (tampered[index] ?? 0) ^ 1;
      const bundle = changed((b) => {
        b.dsseEnvelope.payload = tampered.toString('base64');
      });
      expectFailure(bundle, 'bad_signature', sha256Hex(tampered));
    }
  });

  it('fails with any byte of it changed', () => {
    const sig = Buffer.from(JSON.parse(signed.bundle).dsseEnvelope.signatures[0].sig, 'base64');
    for (let index = 0; index < sig.length; index++) {
      const tampered = Buffer.from(sig);
      tampered[index] = (tampered[index] ?? 0) ^ 1;
      const bundle = changed((b) => {
        b.dsseEnvelope.signatures[0].sig = tampered.toString('base64');
      });
      expectFailure(bundle, 'bad_signature', signed.id);
    }
  });

  it('fails for bytes added or cut', () => {
    const payload = payloadOf(signed.bundle);
    for (const tampered of [
      payload.subarray(1),
      payload.subarray(0, -1),
      Buffer.concat([payload, Buffer.of(10)]),
    ]) {
      const bundle = changed((b) => {
        b.dsseEnvelope.payload = tampered.toString('base64');
      });
      expectFailure(bundle, 'bad_signature', sha256Hex(tampered));
    }
  });

  it('is DER and over the DSSE encoding: no raw r||s, no bare payload, no other digest (AT10)', () => {
    const raw = { key: worker.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const encoded = preAuthEncoding('application/vnd.in-toto+json', good);
    const signatures = [
      sign('sha256', encoded, raw),
      sign('sha256', good, worker.privateKey),
      sign('sha512', encoded, worker.privateKey),
      createSign('sha256').update('DSSEv1').sign(worker.privateKey),
      Buffer.from([0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]),
    ];
    for (const sig of signatures) {
      const bundle = changed((b) => {
        b.dsseEnvelope.signatures[0].sig = sig.toString('base64');
      });
      expectFailure(bundle, 'bad_signature', signed.id);
    }
  });

  it('in another spelling makes no other statement (AT17)', () => {
    const unpadded = (text: string) => text.replace(/=+$/, '');
    const urlSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');
    const spellings = [
      changed((b) => {
        b.dsseEnvelope.payload = urlSafe(b.dsseEnvelope.payload);
      }),
      changed((b) => {
        b.dsseEnvelope.signatures[0].sig = unpadded(urlSafe(b.dsseEnvelope.signatures[0].sig));
      }),
      changed((b) => {
        b.dsseEnvelope.signatures[0].sig = otherForm(
          Buffer.from(b.dsseEnvelope.signatures[0].sig, 'base64'),
        ).toString('base64');
      }),
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(signed.bundle)).reverse()), null, 2),
      forge(worker, { payload: good }),
    ];
    expect(new Set([signed.bundle, ...spellings]).size).toBeGreaterThanOrEqual(4);
    for (const spelling of spellings) {
      const result = verifier.verify(spelling);
      expect(result.ok && result.statement).toEqual(signed.statement);
    }
  });
});

describe('the statement', () => {
  const statement = JSON.parse(good.toString());
  const text = good.toString();

  it.each<[string, Uint8Array | string]>([
    ['no JSON', 'approved'],
    ['a byte order mark', `\ufeff${text}`],
    ['invalid UTF-8', Buffer.concat([good.subarray(0, -1), Buffer.of(0xc3, 0x28, 0x7d)])],
    [
      'an overlong encoding',
      Buffer.from(text.replace('model_card', '\u0001').replace('\u0001', 'x'), 'utf16le'),
    ],
    ['text after the end', `${text} x`],
    ['a line break after the end', `${text}\n`],
    ['white space within', JSON.stringify(statement, null, 1)],
    ['members in another order', JSON.stringify(Object.fromEntries(Object.entries(statement).reverse()))],
    ['a member twice', text.replace('"outcome":"passed"', '"outcome":"failed","outcome":"passed"')],
    ['a needless escape', text.replace('model_card', 'model\\u005fcard')],
    ['a lone surrogate', text.replace('"model_card"', '"\\ud800"')],
    ['nesting without end', '['.repeat(100_000)],
    ['nesting without end, closed', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['no object', '[]'],
    ['null', 'null'],
    ['another _type', canonicalJson({ ...statement, _type: 'https://in-toto.io/Statement/v0.1' })],
    ['a member too many', canonicalJson({ ...statement, note: 1 })],
    ['a __proto__ member', `{"__proto__":{},${text.slice(1)}`],
    ['no subject', canonicalJson({ ...statement, subject: [] })],
    [
      'a subject by name',
      canonicalJson({ ...statement, subject: [{ name: 'model.onnx', ...statement.subject[0] }] }),
    ],
    ['another subject (AT06)', statementBytes(TYPE, stageResult().body, [OTHER.digest])],
    ['a subject too few', statementBytes(TYPE, stageResult().body, DIGESTS.slice(0, 1))],
    ['a subject too many', statementBytes(TYPE, stageResult().body, [...DIGESTS, OTHER.digest])],
    ['its subjects in another order', statementBytes(TYPE, stageResult().body, [...DIGESTS].reverse())],
    ['an upper-case digest', canonicalJson({ ...statement, subject: upperCase(statement.subject) })],
    [
      'two algorithms of one subject',
      canonicalJson({
        ...statement,
        subject: [{ digest: { sha256: ARTIFACT.digest.slice(7), sha512: 'x' } }, statement.subject[1]],
      }),
    ],
    [
      'a predicate of another shape',
      statementBytes(TYPE, { ...stageResult().body, outcome: 'skipped' }, DIGESTS),
    ],
    ['a predicate with a member too many', statementBytes(TYPE, { ...stageResult().body, note: 1 }, DIGESTS)],
    ['no predicate', canonicalJson({ ...statement, predicate: undefined })],
    [
      'another kind of predicate (AT04)',
      statementBytes('https://countersign.dev/governance-record/v1', stageResult().body, DIGESTS),
    ],
  ])('is refused with %s, though signed by the right key', (_what, payload) => {
    expectFailure(forge(worker, { payload }), 'malformed_statement', sha256Hex(Buffer.from(payload)));
  });

  it.each([
    'https://countersign.dev/stage-result/v2',
    'https://countersign.dev/stage-result/v1/',
    'https://countersign.dev/STAGE-RESULT/v1',
    'http://countersign.dev/stage-result/v1',
    'https://countersign.dev.evil.example/stage-result/v1',
    'stage-result/v1',
    'https://slsa.dev/provenance/v1',
    '__proto__',
    '',
  ])('is refused as %j (AT04)', (predicateType) => {
    const payload = statementBytes(predicateType, stageResult().body, DIGESTS);
    expectFailure(forge(worker, { payload }), 'unknown_predicate', sha256Hex(payload));
  });

  it('with a prefix of the digest in common is still about other bytes (AT06)', () => {
    const near = {
      ...ARTIFACT,
      digest: digestOf('near').replace(/^(sha256:).{32}/, ARTIFACT.digest.slice(0, 39)),
    };
    const payload = statementBytes(TYPE, { ...stageResult().body, artifact: near }, DIGESTS);
    expectFailure(forge(worker, { payload }), 'malformed_statement');
  });

  it('says which stage of which model under which pipeline it is about (AT05)', () => {
    const body = signed.statement.body;
    expect(body).toMatchObject({ stage: 'model_card', modelId: 'fraud-detection', modelVersion: '4.1.2' });
    const other = statementBytes(TYPE, { ...stageResult().body, stage: 'security_review' }, DIGESTS);
    const result = verifier.verify(forge(worker, { payload: other }));
    expect(result.ok && result.statement.id).not.toBe(signed.id);
  });
});

function upperCase(subjects: Json): unknown {
  return subjects.map((subject: Json) => ({ digest: { sha256: subject.digest.sha256.toUpperCase() } }));
}

function caught(act: () => unknown): CountersignError {
  try {
    act();
  } catch (error) {
    if (error instanceof CountersignError) return error;
  }
  throw new Error('expected a CountersignError');
}

/** The other signature (r, n - s) that is valid for the same bytes. */
function otherForm(der: Buffer): Buffer {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const rLength = der[3] ?? 0;
  const r = der.subarray(4, 4 + rLength);
  const s = BigInt(`0x${der.subarray(6 + rLength).toString('hex')}`);
  const bytes = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = bytes.subarray(start);
  const positive = (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), short]) : short;
  return Buffer.concat([
    Buffer.of(0x30, 4 + rLength + positive.length, 0x02, rLength),
    r,
    Buffer.of(0x02, positive.length),
    positive,
  ]);
}
