import { z } from 'zod';
import { canonicalJson, sha256Hex } from '../lib/index.ts';

/** The SHA-256 of some bytes, spelled `sha256:` and 64 lower-case hex digits. */
export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 lower-case hex digits')
  .brand('Digest');
export type Digest = z.infer<typeof Digest>;

/** The digest of bytes, or of a string's UTF-8 form. */
export function digestOf(data: Uint8Array | string): Digest {
  return `sha256:${sha256Hex(data)}` as Digest;
}

/** The digest of a value's canonical JSON (RFC 8785): equal values have equal digests. */
export function digestOfJson(value: unknown): Digest {
  return digestOf(canonicalJson(value));
}

/** The 64 hex digits of a digest, without the algorithm. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** A digest shortened for people; never compare by it. */
export function shortDigest(digest: Digest): string {
  return `${digest.slice(0, 'sha256:'.length + 12)}…`;
}
