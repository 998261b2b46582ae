import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forge } from './forge.ts';
import { changed, expectFailure, good, type LooseBundle, signed, verifier, worker } from './verifying.ts';

describe('the shape of a bundle', () => {
  it.each(['', 'null', '[]', '0', '"bundle"', '{', '{}', 'bundle', '\u0000'])('refuses %j', (text) =>
    expectFailure(text, 'malformed_bundle', null),
  );

  it('refuses a truncated bundle, wherever it is cut', () => {
    for (let length = 0; length < signed.bundle.length; length += 7)
      expectFailure(signed.bundle.slice(0, length), 'malformed_bundle');
  });

  it('refuses a bundle too large to be one, and one nested without end', () => {
    const padded = signed.bundle.padEnd(9 * 1024 * 1024, ' ');
    expectFailure(padded, 'malformed_bundle', null);
    expect(verifier.verify(signed.bundle.padEnd(7 * 1024 * 1024, ' ')).ok).toBe(true);
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
  it.each<[string, (bundle: LooseBundle) => unknown]>([
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
    ['no signature', (b) => ({ ...b, dsseEnvelope: { ...b.dsseEnvelope, signatures: [] } })],
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

  it('refuses a certificate instead of a key, as one of nobody whom the policy knows', () => {
    const keyless = changed((b) => ({ ...b, verificationMaterial: { certificate } }));
    expectFailure(keyless, 'unknown_key', signed.id);
  });

  it('refuses a member named __proto__', () => {
    const text = signed.bundle.replace('{"dsseEnvelope"', '{"__proto__":{"x":1},"dsseEnvelope"');
    expectFailure(text, 'malformed_bundle', signed.id);
  });

  it('refuses any other payload type, signed as such (AT08)', () => {
    for (const payloadType of ['application/json', 'application/vnd.in-toto.stage-result+json', 'x'])
      expectFailure(forge(worker, { payload: good, payloadType }), 'malformed_bundle', signed.id);
  });

  it('never throws, whatever the text', () => {
    const anyLooseBundle = fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((json) => signed.bundle.replace(/"hint":"[^"]*"/, `"hint":${json}`)),
    );
    fc.assert(
      fc.property(anyLooseBundle, (text) => verifier.verify(text).ok === false),
      { numRuns: 300 },
    );
  });
});

describe('the form in which we write bundles', () => {
  it('is what others read, and reading it at once is as reading it with care', () => {
    const spaced = JSON.stringify(JSON.parse(signed.bundle), null, 2);
    expect(verifier.verify(spaced)).toEqual(verifier.verify(signed.bundle));
    expect(verifier.verify(signed.bundle).ok).toBe(true);
    const escaped = signed.bundle.replace(
      /"hint":"(.)/,
      (_, first: string) => `"hint":"\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    expect(escaped).not.toBe(signed.bundle);
    expect(verifier.verify(escaped)).toEqual(verifier.verify(signed.bundle));
  });

  it('holds no key twice', () => {
    const twice = signed.bundle.replace('{"dsseEnvelope"', '{"mediaType":"application/json","dsseEnvelope"');
    expectFailure(twice, 'malformed_bundle');
    const payloads = signed.bundle.replace('"payloadType"', '"payload":"AAAA","payloadType"');
    expectFailure(payloads, 'malformed_bundle');
  });
});
