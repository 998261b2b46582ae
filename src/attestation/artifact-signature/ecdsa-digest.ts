import type { KeyObject } from 'node:crypto';

/** The curve P-256 (SP 800-186): y² = x³ − 3x + b over the field of `P`; its points are `N`. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const G: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  z: 1n,
};

/**
 * A point of the curve, (x/z², y/z³); at infinity where z is 0. To divide takes as long as a hundred multiplications, so it
 * is put off to the end.
 */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}
const INFINITY: Point = { x: 1n, y: 1n, z: 0n };

/**
 * Whether a key on P-256 made a signature over bytes of which only the SHA-256 is at hand. Node verifies over bytes
 * alone, and a verifier that is given a digest has none. All that it computes with is public, so it may take its time.
 *
 * @param signature DER, as everywhere in Sigstore
 */
export function isDigestSignedBy(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const numbers = readDer(Buffer.from(signature));
  if (numbers === undefined) return false;
  const [r, s] = numbers;
  if (r <= 0n || r >= N || s <= 0n || s >= N) return false;
  const w = inverse(s, N);
  const z = toNumber(digest);
  const point = add(times(G, modulo(z * w, N)), times(publicPoint(key), modulo(r * w, N)));
  return point.z !== 0n && modulo(xOf(point), N) === r;
}

function publicPoint(key: KeyObject): Point {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return { x: toNumber(Buffer.from(x, 'base64url')), y: toNumber(Buffer.from(y, 'base64url')), z: 1n };
}

function xOf({ x, z }: Point): bigint {
  return modulo(x * inverse(z * z, P), P);
}

function times(point: Point, factor: bigint): Point {
  let sum = INFINITY;
  for (const bit of factor.toString(2)) {
    sum = double(sum);
    if (bit === '1') sum = add(sum, point);
  }
  return sum;
}

/** As slopes of a chord and of a tangent give them, both without a division. */
function add(a: Point, b: Point): Point {
  if (a.z === 0n || b.z === 0n) return a.z === 0n ? b : a;
  const [aa, bb] = [modulo(a.z * a.z, P), modulo(b.z * b.z, P)];
  const x = modulo(a.x * bb, P);
  const y = modulo(a.y * bb * b.z, P);
  const run = modulo(b.x * aa - x, P);
  const rise = modulo(b.y * aa * a.z - y, P);
  if (run === 0n) return rise === 0n ? double(a) : INFINITY;
  const squared = modulo(run * run, P);
  const [cubed, turn] = [modulo(squared * run, P), modulo(x * squared, P)];
  const to = modulo(rise * rise - cubed - 2n * turn, P);
  return { x: to, y: modulo(rise * (turn - to) - y * cubed, P), z: modulo(run * a.z * b.z, P) };
}

function double({ x, y, z }: Point): Point {
  const [squared, zz] = [modulo(y * y, P), modulo(z * z, P)];
  const turn = modulo(4n * x * squared, P);
  const slope = modulo(3n * (x - zz) * (x + zz), P);
  const to = modulo(slope * slope - 2n * turn, P);
  return { x: to, y: modulo(slope * (turn - to) - 8n * squared * squared, P), z: modulo(2n * y * z, P) };
}

/** By Euclid's algorithm. */
function inverse(value: bigint, prime: bigint): bigint {
  let [low, high, a, b] = [modulo(value, prime), prime, 1n, 0n];
  while (low > 1n) {
    const ratio = high / low;
    [low, high, a, b] = [high - ratio * low, low, b - ratio * a, a];
  }
  return modulo(a, prime);
}

function modulo(value: bigint, prime: bigint): bigint {
  const rest = value % prime;
  return rest < 0n ? rest + prime : rest;
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

/** The two numbers of an ECDSA signature, of which DER has one spelling alone. */
function readDer(der: Buffer): [bigint, bigint] | undefined {
  const first = der[3] ?? 0;
  const [r, s] = [der.subarray(4, 4 + first), der.subarray(6 + first)];
  const isWhole = der.equals(Buffer.from([0x30, der.length - 2, 2, r.length, ...r, 2, s.length, ...s]));
  return isWhole && isShortest(r) && isShortest(s) ? [toNumber(r), toNumber(s)] : undefined;
}

/** No negative number, and no zero ahead that the sign does not ask for. */
function isShortest(number: Buffer): boolean {
  const [first = 0x80, second = 0] = number;
  return first < 0x80 && (first !== 0 || number.length === 1 || second >= 0x80);
}
