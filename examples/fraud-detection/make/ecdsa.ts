import { createECDH, createHmac } from 'node:crypto';

/** The order of P-256's group. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * An ECDSA P-256 signature of a SHA-256 digest whose nonce follows from key and digest (RFC 6979), in DER: the example
 * must come out the same every time. For the example only: this arithmetic takes a time that tells about the key.
 */
export function signDeterministically(secret: Buffer, digest: Buffer): Buffer {
  const z = toNumber(digest);
  for (const k of nonces(secret, digest)) {
    const r = toNumber(pointOf(toBytes(k)).subarray(1, 33)) % ORDER;
    const s = (inverse(k) * (z + r * toNumber(secret))) % ORDER;
    if (r !== 0n && s !== 0n) return sequence(r, s);
  }
  throw new Error('unreachable: there is always a next nonce');
}

/** The public point of a secret, uncompressed: 0x04, x, y. */
export function pointOf(secret: Buffer): Buffer {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(secret);
  return ecdh.getPublicKey();
}

/** RFC 6979, section 3.2. */
function* nonces(secret: Buffer, digest: Buffer): Generator<bigint> {
  const seed = Buffer.concat([secret, toBytes(toNumber(digest) % ORDER)]);
  let key = Buffer.alloc(32);
  let value = Buffer.alloc(32, 1);
  const step = (...parts: Buffer[]) => {
    key = hmac(key, Buffer.concat([value, ...parts]));
    value = hmac(key, value);
  };
  step(Buffer.of(0), seed);
  step(Buffer.of(1), seed);
  for (;;) {
    value = hmac(key, value);
    const k = toNumber(value);
    if (k > 0n && k < ORDER) yield k;
    step(Buffer.of(0));
  }
}

function hmac(key: Buffer, data: Buffer): Buffer<ArrayBuffer> {
  return Buffer.from(createHmac('sha256', key).update(data).digest());
}

/** By Fermat: the order is a prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = value % ORDER;
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}

function sequence(...values: bigint[]): Buffer {
  const integers = values.map((value) => {
    const bytes = toBytes(value);
    const start = bytes.findIndex((byte) => byte !== 0);
    const trimmed = bytes.subarray(start);
    const positive = (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), trimmed]) : trimmed;
    return Buffer.concat([Buffer.of(0x02, positive.length), positive]);
  });
  const body = Buffer.concat(integers);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}
