import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDigestSignedBy } from '../../src/attestation/artifact-signature/ecdsa-digest.ts';

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function der(...numbers: bigint[]): Buffer {
  const parts = numbers.map((number) => {
    const digits = number.toString(16);
    const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
    const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
    return Buffer.concat([Buffer.of(2, positive.length), positive]);
  });
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

function numbersOf(signature: Buffer): [bigint, bigint] {
  const length = signature[3] ?? 0;
  const number = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);
  return [number(signature.subarray(4, 4 + length)), number(signature.subarray(6 + length))];
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

/** OpenSSL, over the bytes themselves, is the judge. */
const agrees = (message: Uint8Array, signature: Buffer, by = key.publicKey) => {
  const theirs = verify('sha256', message, by, signature);
  expect(isDigestSignedBy(by, sha256(message), signature)).toBe(theirs);
  return theirs;
};

describe('an ECDSA signature over a digest', () => {
  it('is verified as OpenSSL verifies it over the bytes, whatever is changed', () => {
    const changes = fc.record({ at: fc.nat(71), bits: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), changes, (message, { at, bits }) => {
        const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        const signature = sign('sha256', message, privateKey);
        expect(agrees(message, signature, publicKey)).toBe(true);
        const changed = Buffer.from(signature);
        const index = at % changed.length;
        changed[index] = (changed[index] ?? 0) ^ bits;
        agrees(message, changed, publicKey);
        expect(agrees(Buffer.from([...message, 0]), signature, publicKey)).toBe(false);
        expect(agrees(message, signature)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  // Of no known bytes, so OpenSSL cannot be asked: by a key of the private number 1, whose point is the curve's own.
  it('is verified where the two points that are added are the same, and not where they cancel each other', () => {
    const generator = {
      x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
      y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
    };
    const by = createPublicKey({ key: { kty: 'EC', crv: 'P-256', ...generator }, format: 'jwk' });
    const { d = '', x = '' } = key.privateKey.export({ format: 'jwk' });
    const [k, r] = [d, x].map(
      (text) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`) % N,
    ) as [bigint, bigint];
    const s = (2n * r * power(k, N - 2n)) % N;
    const digest = (number: bigint) => Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
    expect(isDigestSignedBy(by, digest(r), der(r, s))).toBe(true);
    expect(isDigestSignedBy(by, digest(N - r), der(r, s))).toBe(false);
  });

  it('has one spelling', () => {
    const message = Buffer.from('a model');
    const signature = sign('sha256', message, key.privateKey);
    const [r, s] = numbersOf(signature);
    expect(agrees(message, der(r, s))).toBe(true);
    // Both s and −s verify, so nothing may be keyed on a signature's bytes.
    expect(agrees(message, der(r, N - s))).toBe(true);
    const padded = Buffer.concat([
      Buffer.of(0x30, 0),
      Buffer.of(2, 34, 0, 0),
      Buffer.from(r.toString(16).padStart(64, '0'), 'hex'),
      Buffer.of(2, 1, 1),
    ]);
    padded[1] = padded.length - 2;
    for (const bent of [
      ...[der(0n, s), der(r, 0n), der(r + N, s), der(r, s + N), der(r), der(r, s, s), der(N, N)],
      ...[
        Buffer.concat([signature, Buffer.of(0)]),
        signature.subarray(0, -1),
        Buffer.alloc(0),
        Buffer.of(0x30, 0),
        padded,
      ],
      Buffer.concat([Buffer.of(0x30, 0x81), signature.subarray(1)]),
      sign('sha256', message, { key: key.privateKey, dsaEncoding: 'ieee-p1363' }),
    ])
      expect(agrees(message, bent)).toBe(false);
  });
});
